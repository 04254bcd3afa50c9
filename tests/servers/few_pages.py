"""The served site, which prerenders only its first pages.

Each test with a server starts a site of its own. All its pages would take the processor for a minute, and slow down every
test beside it.
"""

from __future__ import annotations

from signpost.web import prerender

prerender._MOST = 60

from wsgi import app  # noqa: E402, F401
