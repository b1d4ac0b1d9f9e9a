"""A plugin's code tried: its facets against the laws, its checks on every step."""
