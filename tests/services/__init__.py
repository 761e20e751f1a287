"""The verbs, room by room."""
