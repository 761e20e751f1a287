"""The sources and the sync that runs them."""
