"""Changes of the schema, one numbered file each. They only add, so that workers of the version before can go on."""
