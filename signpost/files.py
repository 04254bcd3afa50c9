"""Files that are written whole."""

from __future__ import annotations

from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Writes a file, and its folder where there is none. Whoever reads it meanwhile reads the old one.

    Raises:
        OSError: it cannot be written. It is as it was.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(content)
    new.replace(file)
