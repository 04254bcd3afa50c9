"""The served site, but it prerenders only its first pages.

Each test with a server starts its own site. Prerendering all pages would use a core for a minute, and slow down the tests
that run at the same time.
"""

from __future__ import annotations

from signpost.web import prerender

prerender._MOST = 60

from wsgi import app  # noqa: E402, F401
