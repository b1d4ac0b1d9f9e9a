"""A list of organisations on its way into the tree: read, judged, confirmed, written."""
