"""Text that authors write, read safely: YAML with line numbers, its slips said in Chinese."""
