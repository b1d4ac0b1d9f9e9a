"""One connection, one transaction, one county."""
