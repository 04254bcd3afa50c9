"""What must hold before the site starts, and what an editor and an operator are shown.

Checks only judge: they read no file of the content and change nothing. May import ``models``, ``i18n`` and
``config``; not ``web``, ``security``, ``exports`` or ``cli``. ``fact_checks`` is for ``flask check`` alone.
"""

from __future__ import annotations

from signpost.checks.references import check_references
from signpost.checks.rules import check_rules
from signpost.models.content import Content


def check_content(content: Content) -> None:
    """Checks that everything named exists, that the journey holds together, and that every path keeps the rules.

    Raises:
        ContentError: something is wrong. Names every problem of the first of these checks that fails.
    """
    check_references(content)
    check_rules(content)
