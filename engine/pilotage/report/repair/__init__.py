"""What would make a plan possible, in words and as JSON."""
