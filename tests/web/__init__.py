"""Rules, as facts: no database, no web."""
