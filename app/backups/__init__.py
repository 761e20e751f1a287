"""Back-ups: one file that says what it is, holds its own checksums, and goes back into an empty database only."""

from app.backups.archive import BackupError, Manifest, read_manifest
from app.backups.keep import backup, default_name
from app.backups.put_back import Restored, restore

__all__ = ["BackupError", "Manifest", "Restored", "backup", "default_name", "read_manifest", "restore"]
