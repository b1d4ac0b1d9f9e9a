"""The organisation tree: departments, committees, general branches, branches and groups, with their changes."""
