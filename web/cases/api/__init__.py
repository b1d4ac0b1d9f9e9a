"""Cases in the JSON API."""
