"""Where cases stand: judged by the contract, laid out in columns, kept current."""
