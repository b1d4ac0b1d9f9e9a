"""Pages, JSON API and sign-in: see README.md."""
