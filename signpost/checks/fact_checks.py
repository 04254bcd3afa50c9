"""Checks that only ``flask check`` runs: invalid phone numbers, dates in the future, facts without a source.

The site starts without them, so that a wrong clock cannot stop it, and because the phone number rules of every
country take memory that serving does not need.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from phonenumbers import NumberParseException, is_valid_number, parse

from signpost.models.content import Content
from signpost.models.directory import Source
from signpost.models.errors import ContentProblem

#: Numbers without an area code: short (999, 85258), European (116 123), North American (1-800-THE-LOST).
_OTHER_NUMBERS = re.compile(r"\d{2,6}|116 \d{3}|1-\d{3}-(\d{3}-\d{4}|[A-Z]{3}-[A-Z]{4})")


def fact_problems(content: Content, today: date) -> Iterator[ContentProblem]:
    """Problems with the facts of routes, the sources of advice, and the dates of translation reviews.

    Args:
        content: the content.
        today: the day on which it is checked; a date after it is a problem.
    """
    for route in content.directory.routes.values():
        file = f"routes/{route.id}.toml"
        yield from _source_problems(file, route.sources, today)
        for n, contact in enumerate(route.contacts, 1):
            if contact.number and not can_be_called(contact.number):
                problem = f"“{contact.number}” is no number that can be called."
                fix = "Copy it from the service’s own page: is a digit missing, or one too many?"
                yield ContentProblem(file, f"contact {n}", problem, fix)
        for fact in route.facts():
            source = route.sources[fact.source]
            if fact.confidence == "high" and not source.address:
                problem = "It is “high”, and its source has no address."
                yield ContentProblem(file, fact.where, problem, "Give the address, or a lower confidence.")
            elif fact.confidence != "unconfirmed" and not source.dated:
                problem = f"It is “{fact.confidence}”, and its source has no date, not even “no date”."
                yield ContentProblem(
                    file, fact.where, problem, 'Say where it was read and when, or write "unconfirmed".'
                )
    for topic in content.advice.values():
        yield from _source_problems(f"advice/{topic.id}.toml", topic.sources, today)
    for code, day in content.manifest.reviewed.items():
        if day > today:
            problem = f"The day of “{code}” is still to come."
            yield ContentProblem("scope.toml", "reviewed", problem, "Enter it once a translator has read it.")


def _source_problems(file: str, sources: Mapping[str, Source], today: date) -> Iterator[ContentProblem]:
    for name, source in sources.items():
        where = f"sources.{name}"
        if not source.title.strip():
            yield ContentProblem(
                file, where, "It has no title.", "Write the title of the page, and whose it is."
            )
        if source.checked > today:
            problem = f"It was checked on {source.checked}, and that day is still to come."
            yield ContentProblem(file, where, problem, "Write the day on which you read it.")
        if source.review_due < source.checked:
            problem = "It is to be checked again before it was checked."
            yield ContentProblem(file, where, problem, "Correct review_by, or leave it out.")


def can_be_called(number: str) -> bool:
    """Whether a number, as its service writes it, is valid: in UK form, or in international form with a +."""
    own = number.removeprefix("18001 ")  # the prefix for textphones
    if not own.startswith(("0", "+")):
        return bool(_OTHER_NUMBERS.fullmatch(own))
    try:
        return is_valid_number(parse(own, "GB")) and bool(re.fullmatch(r"\+?\d[\d ]*", own))
    except NumberParseException:
        return False
