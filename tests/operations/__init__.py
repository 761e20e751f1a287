"""What keeps it running: health, logs, stopping, back-ups, checks, and the page that explains them."""
