"""The languages of the site, their translations, and which language a request is for.

May import ``models`` and ``config``; not ``checks``, ``exports``, ``security``, ``web`` or ``cli``.
"""
