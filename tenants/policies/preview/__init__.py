"""What a change of policy would do, before it is made."""
