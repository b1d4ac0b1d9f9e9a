"""Attachments: bytes in the data folder under their SHA-256, what is known of them in the database."""
