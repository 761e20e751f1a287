"""How fast the pages, the sync and the mails are, as ratios to what the work costs by hand (docs/bench.md)."""
