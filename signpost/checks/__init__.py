"""Checks of the content that run before the site starts, and reports for editors and operators.

Checks only judge: they read no content file and change nothing. May import ``models``, ``i18n`` and
``config``; not ``web``, ``security``, ``exports`` or ``cli``. Only ``flask check`` uses ``fact_checks``.
"""

from __future__ import annotations

from signpost.checks.references import check_references
from signpost.checks.rules import check_rules
from signpost.models.content import Content


def check_content(content: Content) -> None:
    """Checks that references resolve, that the journey is a sound graph, and that every path keeps the rules.

    Raises:
        ContentError: a check fails. Names every problem that the first failing check finds.
    """
    check_references(content)
    check_rules(content)
