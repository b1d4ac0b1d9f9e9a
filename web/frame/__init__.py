"""Around every request: the county's session, sign-ins, security, devices, limits."""
