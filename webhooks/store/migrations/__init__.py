"""Changes of the schema, one numbered file each. They only add, so that workers of the previous version can
continue.
"""
