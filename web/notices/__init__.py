"""消息: what one is told, and how one wants to be told."""
