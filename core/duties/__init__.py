"""What units owe by when, and what they have done of it: computed from the policies and the recorded activities."""
