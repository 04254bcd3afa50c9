"""Sharing: the numbers of a result as plain text. Never a URL that contains answers."""

from __future__ import annotations

from collections.abc import Iterable
from gettext import NullTranslations

from signpost.models.directory import Contact, Route


def ways(route: Route) -> tuple[Contact, ...]:
    """The contacts of a route for a list to keep: every number to call or text; if none, the first contact."""
    calls = tuple(contact for contact in route.contacts if contact.number and not contact.is_text_relay)
    return calls or route.contacts[:1]


def as_text(routes: Iterable[Route], say: NullTranslations | None = None) -> str:
    """How to reach each route, as plain text, one line each. ``say`` holds the translations; none for English."""
    say = say or NullTranslations()
    return "\r\n".join(
        f"{route.name}: {'; '.join(_way(each, say) for each in ways(route))}" for route in routes
    )


def _way(contact: Contact, say: NullTranslations) -> str:
    words = contact.text or contact.label
    if contact.sms_keyword:
        words = say.gettext("text %(word)s to %(number)s") % {"word": contact.sms_keyword, "number": words}
    if contact.label and contact.number:
        words = f"{contact.label}: {words}"
    return (
        words
        if contact.confidence == "high"
        else say.gettext("%(contact)s (not confirmed)") % {"contact": words}
    )
