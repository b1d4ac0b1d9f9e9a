"""The ledger: who did, looked at and was refused what; sealed so that tampering shows."""
