"""Writes files atomically, so that no reader sees a half-written one."""

from __future__ import annotations

from pathlib import Path


def atomic_write(file: Path, content: bytes) -> None:
    """Writes a file, creating its folder if needed. Readers see the old content until the new is complete.

    Raises:
        OSError: it cannot be written. The old file is left as it was.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(content)
    new.replace(file)
