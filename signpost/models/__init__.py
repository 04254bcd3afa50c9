"""What the content says: frozen dataclasses read from TOML, and the paths through them.

May not import anything else of ``signpost``, nor Flask; and never reads a clock: the moment is an argument.
Loading only reads. Whether what was read makes sense is for ``signpost.checks`` to judge.
"""
