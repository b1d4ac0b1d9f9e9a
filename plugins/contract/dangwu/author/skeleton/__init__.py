"""The files of a new plugin; `$name` and the like are filled in by `author/new.py`."""
