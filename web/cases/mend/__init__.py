"""What puts a file right, and what ends it: corrections, requests for them, ends."""
