"""What is done to a case; each act ends in write.py."""
