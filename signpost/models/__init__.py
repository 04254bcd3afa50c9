"""The content as frozen dataclasses read from TOML, and the paths through it.

May not import any other package of ``signpost``, nor Flask. Uses no clock: callers pass the time. Loading
only checks the shape of each entry; ``signpost.checks`` judges whether they make sense together.
"""
