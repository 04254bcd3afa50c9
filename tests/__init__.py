"""The promises of the site, each kept by a test.

In lanes, the cheapest first: ``unit`` starts no site; ``content`` holds what the content must; ``app`` asks the site
without a server; ``bench`` weighs and measures; ``browser`` and ``servers`` need programs from Debian.
"""

from pathlib import Path

#: The folder of the project.
ROOT = Path(__file__).parent.parent
