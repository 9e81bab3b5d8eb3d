"""Changes of the database's schema, one numbered file each. They only add, so that a worker of the version before goes
on.
"""
