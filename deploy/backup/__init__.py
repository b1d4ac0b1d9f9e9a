"""A whole platform in one sealed file, and back: database, files and key as they were at one moment."""
