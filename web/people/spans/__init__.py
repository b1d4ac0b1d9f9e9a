"""Posts, sanctions and what else limits a person's rights: on his file."""
