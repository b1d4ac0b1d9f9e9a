"""Help: what each section is for and how things are done there, in plain words."""
