"""What only the demo needs."""
