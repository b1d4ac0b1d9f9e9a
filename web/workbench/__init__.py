"""The workbench, and finding things from anywhere."""
