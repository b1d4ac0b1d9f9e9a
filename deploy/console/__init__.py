"""The operator's console: pages on this machine alone, apart from the counties' and from everybody who signs in there."""
