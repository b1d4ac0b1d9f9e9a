"""Activities: meetings and whatever else a unit holds, recorded once with who was there."""
