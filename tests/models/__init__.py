"""What the tables hold, on both databases."""
