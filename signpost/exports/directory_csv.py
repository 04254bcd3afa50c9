"""The directory as a table for spreadsheets: one row for each way to reach a service."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection

from signpost.exports.open_data import hours_in_words, known, service_id, topics_of
from signpost.models.content import Content
from signpost.models.directory import Contact, Route
from signpost.models.journey import Topic


def directory_csv(content: Content, base_url: str) -> str:
    """The table, with a first row of names.

    Args:
        content: the content.
        base_url: the address of the site, without a slash at its end.
    """
    topics = topics_of(content)
    rows = [
        _row(route, contact, topics.get(route.id, ()), base_url)
        for route in content.directory.routes.values()
        for contact in route.contacts
    ]
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _row(route: Route, contact: Contact, topics: Collection[Topic], base_url: str) -> dict[str, object]:
    return {
        "service": route.name,
        "organisation": route.organisation,
        "summary": route.summary,
        "who": route.who,
        "not_for": route.not_for,
        "nations": " ".join(route.nations),
        "youngest": route.ages.youngest,
        "oldest": route.ages.oldest,
        "roles": " ".join(route.roles),
        "shown_for": " ".join(sorted(topics)),
        "kind": contact.kind,
        "label": contact.label,
        "number": contact.number,
        "word_to_text": contact.sms_keyword,
        "address": contact.address,
        "works_from": contact.reachable_from,
        "confirmed": _yes(contact.confidence == "high"),
        "cost": known(contact.cost),
        "cost_confirmed": _yes(contact.cost_confidence == "high") if known(contact.cost) else "",
        "hours": hours_in_words(contact.hours),
        "names_and_privacy": route.privacy.words,
        "not_confirmed": route.unconfirmed,
        "oldest_check": route.checked.isoformat(),
        "page": f"{base_url}/help/{route.id}",
        "id": service_id(route),
    }


def _yes(true: bool) -> str:
    return "yes" if true else "no"
