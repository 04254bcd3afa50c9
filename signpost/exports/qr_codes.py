"""QR codes of the links for partners, as SVG and PNG: for leaflets and slides that a partner lays out."""

from __future__ import annotations

import io
from functools import lru_cache

FORMATS = {"svg": "image/svg+xml", "png": "image/png"}


@lru_cache(maxsize=256)  # a link for partners, of which there are few, takes ten milliseconds
def qr_code(address: str, kind: str) -> bytes:
    """The QR code of an address, with the white border that scanners need.

    Args:
        address: the address.
        kind: one of ``FORMATS``.
    """
    # Imported here because no page for visitors needs it.
    import segno

    file = io.BytesIO()
    # Level Q: it is read although a quarter of it is hidden or worn off.
    code = segno.make(address, error="q", micro=False)
    if kind == "svg":
        code.save(file, kind="svg", omitsize=True, border=4, light="#fff", title=address)
    else:
        code.save(file, kind="png", scale=16, border=4, light="#fff")
    return file.getvalue()
