"""What only the demo needs: local UiT server, mailbox, invented data. Production never imports it."""
