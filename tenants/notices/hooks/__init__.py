"""Pushing what is new to addresses of a county: robots of group chats, or a system of its own."""
