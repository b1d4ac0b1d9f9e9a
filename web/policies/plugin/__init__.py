"""A plugin's page: read, changed, previewed."""
