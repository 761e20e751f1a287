"""What Doemee promises, told as facts; laid out like the code it is about."""
