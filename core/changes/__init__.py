"""What spans the contexts: a change of the tree or of a person's file with all that goes along. Nothing of core imports it."""
