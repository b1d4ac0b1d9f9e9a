"""What a form asks for evidence, from the contract: its blocks, what the browser reckons, what was typed read back."""
