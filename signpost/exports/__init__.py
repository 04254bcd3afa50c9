"""The same facts in other forms: open data, posters, plain text to send.

May import ``models``, ``i18n`` and ``config``; not ``checks``, ``security``, ``web`` or ``cli``.
"""
