"""What is held of people only to reach them goes once it serves nobody: asked for, signed by a second person, done at night."""
