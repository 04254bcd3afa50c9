"""The content in other formats: open data, posters, and plain text to send.

May import ``models``, ``i18n`` and ``config``; not ``checks``, ``security``, ``web`` or ``cli``.
"""
