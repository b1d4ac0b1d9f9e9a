"""The version of the contract; a policy says which it requires."""

VERSION = "1.0.0"
