"""Who is let in, how often, and what is logged.

May import ``models`` and ``config``; not ``i18n``, ``checks``, ``exports``, ``web`` or ``cli``.
"""
