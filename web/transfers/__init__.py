"""Letters of introduction: where they are, those that come from other counties, and their check by anybody."""
