"""One person out of a backup, into the platform that goes on: first said, then done."""
