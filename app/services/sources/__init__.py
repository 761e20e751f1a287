"""Where activities come from besides our own organisers: one adapter a source, all as `base.py` says."""
