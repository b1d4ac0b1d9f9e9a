"""Two files that may be one person's: found, compared, told apart, or made one."""
