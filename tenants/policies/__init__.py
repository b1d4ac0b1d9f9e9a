"""The policies that each unit adopts, and what follows from them."""
