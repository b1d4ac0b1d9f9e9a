"""My account: password, second factor."""
