"""`dangwu counties`: what an operator does with whole counties, and never inside them."""
