"""The languages of the site, their words, and which language a request is for.

May import ``models`` and ``config``; not ``checks``, ``exports``, ``security``, ``web`` or ``cli``.
"""
