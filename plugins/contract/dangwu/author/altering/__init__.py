"""Rules changed as somebody might have miswritten them, to see whether any rehearsal notices."""
