"""Letters of introduction: what goes with somebody from one committee or county to another, and what has become of it."""
