"""The hooks of plugins that are neither policy nor check: what they do after the event, what they show on pages."""
