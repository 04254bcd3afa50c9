"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

from pathlib import Path


def atomic_write(file: Path, content: bytes) -> None:
    """Writes a file, and creates its folder if needed. Until it is complete, readers see the old content.

    Raises:
        OSError: it cannot be written. The old file is left as it was.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(content)
    new.replace(file)
