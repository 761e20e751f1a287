"""The file of a back-up: a tar with the manifest, the data, and the SHA-256 of both."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

FORMAT = 1
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
DATA = {"sqlite": "database.sqlite.gz", "postgresql": "database.dump"}
CHUNK = 1_048_576
MOST_IN_SMALL_PART = 1_000_000


class BackupError(Exception):
    """It could not be done; the message says why and what to do, in words for the operator."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a back-up is: of which kind of database, at which migration, when, and how many rows a table has."""

    database: str
    migration: str
    made_at: str
    rows: dict[str, int]
    format: int = FORMAT

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A file beside `path`, readable for its owner only, that becomes `path` at the end, whole or not at all.

    Raises BackupError when there is something already: a back-up never takes another's place.
    """
    if path.exists() or path.is_symlink():
        raise BackupError(f"{path} is there already. Choose another name, or move it away.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = Path(file.name)  # made with mode 600
    except OSError as trouble:
        raise BackupError(f"Cannot write in {path.parent}: {trouble.strerror}.") from trouble
    try:
        yield temporary
        sync(temporary)
        give_name(temporary, path)
        sync(path.parent)
    except OSError as trouble:
        raise BackupError(f"Cannot write {path}: {trouble.strerror or trouble}.") from trouble
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def give_name(temporary: Path, path: Path) -> None:
    """Unlike a rename, a link fails when somebody made the file meanwhile."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise BackupError(f"{path} is there already. Choose another name, or move it away.") from None
    except OSError:  # a file system without links
        if path.exists():
            raise BackupError(f"{path} is there already. Choose another name, or move it away.") from None
        temporary.rename(path)


def sync(path: Path) -> None:
    """Down to the disk: a back-up that a power cut takes along is none."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def pack(target: Path, manifest: Manifest, data: Path) -> None:
    name = DATA[manifest.database]
    described = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()
    sums = f"{hashlib.sha256(described).hexdigest()}  {MANIFEST}\n{sha256(data)}  {name}\n".encode()
    with tarfile.open(target, "w") as tar:
        _add_small(tar, MANIFEST, described)
        _add_small(tar, SUMS, sums)
        whole = tarfile.TarInfo(name)
        whole.size, whole.mode = data.stat().st_size, 0o600
        with data.open("rb") as file:
            tar.addfile(whole, file)


def _add_small(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    part = tarfile.TarInfo(name)
    part.size, part.mode = len(content), 0o600
    tar.addfile(part, io.BytesIO(content))


def read_manifest(path: Path) -> Manifest:
    """What this back-up says it is, its own checksum held against it. Raises BackupError."""
    with opened(path) as tar:
        described = _small(tar, MANIFEST)
        if hashlib.sha256(described).hexdigest() != _sums(tar).get(MANIFEST):
            raise damaged(path)
        return _understood(path, described)


def unpack(path: Path, target: Path) -> Manifest:
    """Put the data in `target` when every checksum holds. Raises BackupError for a damaged or a strange file."""
    manifest = read_manifest(path)
    name = DATA[manifest.database]
    with opened(path) as tar, target.open("wb") as file:
        part = _part(tar, name)
        shutil.copyfileobj(part, file, CHUNK)
        sums = _sums(tar)
    if sha256(target) != sums.get(name):
        raise damaged(path)
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:") as tar:
            yield tar
    except FileNotFoundError:
        raise BackupError(f"There is no file {path}.") from None
    except (tarfile.TarError, EOFError) as trouble:
        raise damaged(path) from trouble
    except OSError as trouble:
        raise BackupError(f"Cannot read {path}: {trouble.strerror or trouble}.") from trouble


def damaged(path: Path) -> BackupError:
    return BackupError(f"{path} is damaged, or no back-up of ours: its checksum does not hold. Nothing was restored.")


def _part(tar: tarfile.TarFile, name: str) -> Any:
    try:
        part = tar.extractfile(name)  # by its exact name, into a file of our choosing: no path of the tar is followed
    except KeyError:
        part = None
    if part is None:
        raise tarfile.TarError(f"no {name}")
    return part


def _small(tar: tarfile.TarFile, name: str) -> bytes:
    return bytes(_part(tar, name).read(MOST_IN_SMALL_PART))


def _sums(tar: tarfile.TarFile) -> dict[str, str]:
    lines = _small(tar, SUMS).decode("ascii", "replace").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _understood(path: Path, described: bytes) -> Manifest:
    try:
        manifest = Manifest(**json.loads(described))
    except (TypeError, ValueError):
        raise BackupError(f"{path} was made by another version, which wrote it differently.") from None
    if manifest.format != FORMAT or manifest.database not in DATA:
        raise BackupError(f"{path} was made by another version, which wrote it differently.")
    return manifest
