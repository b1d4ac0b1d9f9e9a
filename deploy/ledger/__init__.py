"""The sealed ledger as whoever keeps the platform running handles it: `dangwu ledger`."""
