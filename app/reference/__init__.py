"""Data the project carries itself, with its source in README.md."""
