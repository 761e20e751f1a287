"""Rules you can read aloud: plain Python, no Flask, no SQLAlchemy."""
