"""Controllers of the pages, one file per kind of thing."""
