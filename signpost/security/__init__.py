"""The security layers, one module each: headers, rate limits, request checks and logs.

May import ``models`` and ``config``; not ``i18n``, ``checks``, ``exports``, ``web`` or ``cli``.
"""
