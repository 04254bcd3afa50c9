"""The tests, one for each promise of the site.

In lanes, the fastest first: ``unit`` starts no site; ``content`` checks the content; ``app`` sends requests to the app
without a server; ``bench`` measures; ``browser`` and ``servers`` need programs from Debian.
"""

from pathlib import Path

#: The project's root folder.
ROOT = Path(__file__).parent.parent
