"""What was typed into forms that are not finished."""
