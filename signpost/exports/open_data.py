"""The directory as open data, in the Human Services Data Specification (HSDS) 3.0 that Open Referral UK uses.

A program that reads it may know HSDS and nothing about this site. So a fact that is not confirmed says so in
its description and has an attribute. Opening times are given as times only for days on which a page of ours would say
"open now": a program must never show a line as open where we do not. Everything else about hours is in words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from signpost.exports.taxonomies import NOT_CONFIRMED, Term, identifier, terms_of
from signpost.i18n.hours_text import HoursFormatter, sentence
from signpost.models.content import Content
from signpost.models.directory import Contact, Directory, Nation, Route
from signpost.models.hours import LONDON, Calendar, Confidence, Hours, Times, start_and_end, times_begun
from signpost.models.journey import Topic
from signpost.models.outcome import Outcome
from signpost.models.recording import unrecorded

LICENCE = "https://spdx.org/licenses/MIT.html"

_GEOGRAPHY = "http://statistics.data.gov.uk/id/statistical-geography/"
_AREAS: dict[Nation, tuple[str, str]] = {
    "england": ("England", f"{_GEOGRAPHY}E92000001"),
    "wales": ("Wales", f"{_GEOGRAPHY}W92000004"),
    "scotland": ("Scotland", f"{_GEOGRAPHY}S92000003"),
    "northern-ireland": ("Northern Ireland", f"{_GEOGRAPHY}N92000002"),
    "abroad": ("Outside the UK", ""),
}
_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_OLDEST = 120  # stands for "no limit" in the directory
#: For how many days ahead times are given, so that an outdated copy stops saying "open".
_DAYS_AHEAD = 60
_NOON, _MIDNIGHT = 12 * 60, 24 * 60
_WORDS = HoursFormatter()
_IN_NATION: dict[str, str] = {nation: name for nation, (name, _) in _AREAS.items()}

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Today:
    """What opening times depend on, besides the directory.

    Attributes:
        day: the day on which the data is made, in the UK.
        calendar: the bank holidays.
        hours_days: for how many days after its opening hours were checked a service may be called open.
    """

    day: date
    calendar: Calendar
    hours_days: int


def services(content: Content, today: Today) -> list[Record]:
    """Every service in full."""
    topics, modified = topics_of(content), last_changes(content)
    return [
        service(route, content.directory, today, topics.get(route.id, ()), modified.get(route.id))
        for route in content.directory.routes.values()
    ]


def page(records: Sequence[object], number: int = 1, size: int | None = None) -> Record:
    """One page of a list, in HSDS's form. A page after the last is empty.

    Args:
        records: the whole list.
        number: which page, from 1.
        size: how many records a page has; by default all.
    """
    size = size or max(len(records), 1)
    pages = max(-(-len(records) // size), 1)
    contents = list(records[(number - 1) * size : number * size])
    return {
        "total_items": len(records),
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "license": LICENCE,
        "contents": contents,
    }


def topics_of(content: Content) -> dict[str, set[Topic]]:
    """By the id of each route, the topics of the visitors whom the journey shows it to."""
    ends = {(walk.ends_at, walk.situation): walk for walk in content.journey.walks() if walk.result}
    topics: dict[str, set[Topic]] = {}
    for walk in ends.values():
        for route in Outcome(content, walk).routes:
            topics.setdefault(route.id, set()).update(walk.situation.topics)
    return topics


def last_changes(content: Content) -> dict[str, date]:
    """By the id of each route, the day of its last change, where that is known."""
    behind = unrecorded(content)
    return {
        id_: recorded.changes[-1].day
        for id_, recorded in content.changes.services.items()
        if recorded.changes and id_ not in behind
    }


def service(
    route: Route,
    directory: Directory,
    today: Today,
    topics: Collection[Topic] = (),
    modified: date | None = None,
) -> Record:
    """One route as an HSDS service. Its organisation's description lists every route that it runs."""
    runs = [each.name for each in directory.routes.values() if each.organisation == route.organisation]
    emails = [contact for contact in route.contacts if contact.kind == "email"]
    pages = [contact.address for contact in route.contacts if contact.address.startswith("https://")]
    return filled(
        id=service_id(route),
        organization={
            "id": identifier("organisation", route.organisation),
            "name": route.organisation,
            "description": f"Runs or answers for: {', '.join(runs)}.",
        },
        name=route.name,
        description=_sentences(route.summary, route.not_for, route.unconfirmed),
        url=pages[0] if pages else "",
        email=emails[0].address if emails else "",
        status="active",
        interpretation_services=known(route.languages),
        application_process=_sentences(
            route.privacy.words, _unsure(route.privacy.confidence), known(route.next)
        ),
        eligibility_description=route.who,
        minimum_age=route.ages.youngest or None,
        maximum_age=route.ages.oldest if route.ages.oldest < _OLDEST else None,
        last_modified=modified and instant(modified),
        assured_date=route.checked.isoformat(),
        phones=[_phone(route, each) for each in route.contacts if each.number],
        schedules=[each for contact in route.contacts for each in schedules(route, contact, today)],
        service_areas=[
            filled(id=identifier("area", route.id, nation), name=_AREAS[nation][0], uri=_AREAS[nation][1])
            for nation in route.nations
        ],
        service_at_locations=list(_places(route)),
        languages=[{"id": identifier("languages", route.id), "note": route.languages}]
        if known(route.languages)
        else [],
        cost_options=[_cost(route, each) for each in route.contacts if each.cost != "unknown"],
        contacts=[
            {"id": identifier("contact", route.id, each.address), "name": _name(each), "email": each.address}
            for each in emails[1:]
        ],
        attributes=[
            _attribute(service_id(route), "service", term, term.code) for term in terms_of(route, topics)
        ],
    )


def schedules(route: Route, contact: Contact, today: Today) -> Iterator[Record]:
    """When a contact answers, as HSDS schedules: what is known in words, then the rules of the next weeks as times."""
    hours, words = contact.hours, hours_in_words(contact.hours)
    if not words:
        return
    id_ = identifier("schedule", route.id, _name(contact))
    described = filled(
        id=id_,
        description=words,
        attending_type=_name(contact),
        valid_from=hours.begins and hours.begins.isoformat(),
        valid_to=hours.ends and hours.ends.isoformat(),
        attributes=_marks(id_, "schedule", hours.confidence),
    )
    if hours.open == "always" and hours.confidence == "high":
        # A rule without times: midnight to midnight could be read as never, and 23:59 is a minute too early.
        described |= {"freq": "WEEKLY", "byday": ",".join(_BYDAY)}
    yield described
    if hours.open == "limited":
        for rule in _rules(route, contact, today):
            number = identifier("schedule", route.id, _name(contact), *map(str, rule.values()))
            yield {
                "id": number,
                "description": described["description"],
                "attending_type": _name(contact),
            } | rule


def hours_in_words(hours: Hours) -> str:
    """What is known of the hours, in words; "" if nothing is."""
    words = {
        "always": "Open 24 hours, every day.",
        "limited": f"{sentence(_WORDS.week(hours))}, UK time. {_WORDS.holidays(hours, _IN_NATION)}",
        "any-time": "Send any time. An answer comes later. Not for danger now.",
    }.get(hours.open, "")
    return _sentences(words, _unsure(hours.confidence)) if words else ""


def _rules(route: Route, contact: Contact, today: Today) -> Iterator[Record]:
    """The weekly rules by which a contact is certainly open, each for the dates between which it has no exception.

    HSDS has neither exceptions to a rule nor daylight saving time. So a rule ends before each bank holiday with other
    or unknown hours, and when the clocks change.
    """
    open_on: dict[tuple[Times, int], list[date]] = {}
    for ahead in range(_DAYS_AHEAD):
        day = today.day + timedelta(days=ahead)
        for times in times_begun(contact.hours, today.calendar, day) or ():
            last = day + timedelta(days=times.closes > _MIDNIGHT)
            if all(route.confirms(contact, each, today.hours_days) for each in (day, last)):
                for part in _halves(times):
                    if (offset := _offset(day, part)) is not None:
                        open_on.setdefault((part, offset), []).append(day)
    for (times, offset), days in open_on.items():
        for run in _runs(days, contact.hours, times):
            yield {
                "freq": "WEEKLY",
                "byday": ",".join(_BYDAY[number] for number in sorted({day.weekday() for day in run})),
                "opens_at": _clock(times.opens, offset),
                "closes_at": _clock(times.closes, offset),
                "timezone": offset,
                "valid_from": run[0].isoformat(),
                "valid_to": run[-1].isoformat(),
            }


def _runs(days: list[date], hours: Hours, times: Times) -> Iterator[list[date]]:
    """The days on which the same times begin, cut wherever the weekly rule has a gap."""
    regular = {day for span in hours.spans for day in span.days if times in sum(map(_halves, span.times), ())}
    run: list[date] = []
    for day in days:
        between = (run[-1] + timedelta(days=n) for n in range(1, (day - run[-1]).days)) if run else ()
        odd = run and not {run[-1].weekday(), day.weekday()} <= regular
        if odd or any(each.weekday() in regular for each in between):
            yield run
            run = []
        run.append(day)
    yield run


def instant(day: date) -> str:
    """A day as formats want it that ask for a time of day, which nobody knows."""
    return f"{day.isoformat()}T00:00:00Z"


def _halves(times: Times) -> tuple[Times, ...]:
    """The times, or the two halves of a whole day: one that opens and closes at midnight could be read as never."""
    return (Times(0, _NOON), Times(_NOON, _MIDNIGHT)) if times.all_day else (times,)


def _offset(day: date, times: Times) -> int | None:
    """How many hours UK time is ahead of UTC during these times; None if the clocks change meanwhile."""
    start, end = start_and_end(day, times)
    if (end - start) != timedelta(minutes=times.closes - times.opens):
        return None
    offset = start.astimezone(LONDON).utcoffset() or timedelta()
    return int(offset / timedelta(hours=1))


def _clock(minutes: int, offset: int) -> str:
    """A time of day with its offset from UTC. A closing time at or before the opening time is on the next day."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}{f'+{offset:02}:00' if offset else 'Z'}"


def _phone(route: Route, contact: Contact) -> Record:
    id_ = identifier("phone", route.id, _name(contact))
    works = {"uk": "Works in the UK.", "abroad": "For calls from outside the UK.", "anywhere": ""}
    send = f"Text the word {contact.sms_keyword}." if contact.sms_keyword else ""
    return filled(
        id=id_,
        number=contact.number,
        type="textphone" if contact.is_text_relay else "text" if contact.kind == "text" else "voice",
        description=_sentences(
            contact.label, send, contact.note, works[contact.reachable_from], _unsure(contact.confidence)
        ),
        attributes=_marks(id_, "phone", contact.confidence),
    )


def _places(route: Route) -> Iterable[Record]:
    """The service's locations: one for each contact other than phone and e-mail.

    HSDS has accessibility only on locations, so a virtual one holds the service's.
    """
    if known(route.access):
        id_ = identifier("access", route.id)
        access = [{"id": identifier("accessibility", route.id), "description": route.access}]
        yield {
            "id": identifier("at", id_),
            "location": {
                "id": id_,
                "location_type": "virtual",
                "name": route.name,
                "accessibility": access,
            },
        }
    for contact in route.contacts:
        if contact.number or contact.kind == "email":
            continue
        id_ = identifier("place", route.id, _name(contact))
        yield {
            "id": identifier("at", id_),
            "location": filled(
                id=id_,
                location_type="physical" if contact.kind == "in-person" else "virtual",
                url=contact.address,
                name=_name(contact),
                description=_sentences(contact.note, _unsure(contact.confidence)),
                attributes=_marks(id_, "location", contact.confidence),
            ),
        }


def _cost(route: Route, contact: Contact) -> Record:
    id_ = identifier("cost", route.id, _name(contact))
    free = contact.cost == "free"
    words = "Free." if free else "You pay for the call."
    return filled(
        id=id_,
        option=_name(contact),
        amount_description=_sentences(words, _unsure(contact.cost_confidence)),
        attributes=_marks(id_, "cost_option", contact.cost_confidence),
    ) | ({"amount": 0, "currency": "gbp"} if free and contact.cost_confidence == "high" else {})


def _marks(id_: str, entity: str, confidence: Confidence) -> list[Record]:
    """The attribute for a fact that is not confirmed, in HSDS's form: a taxonomy term linked to the record."""
    return [] if confidence == "high" else [_attribute(id_, entity, NOT_CONFIRMED, confidence)]


def _attribute(id_: str, entity: str, term: Term, value: str) -> Record:
    return {
        "id": identifier("mark", id_) if term == NOT_CONFIRMED else identifier("mark", id_, term.id),
        "link_id": id_,
        "link_entity": entity,
        "taxonomy_term_id": term.id,
        "value": value,
        "taxonomy_term": term.record,
    }


def _name(contact: Contact) -> str:
    """A name for a contact that no other contact of its route has."""
    return ": ".join(dict.fromkeys(filter(None, (contact.label or contact.kind.title(), contact.text))))


def _unsure(confidence: Confidence) -> str:
    return "" if confidence == "high" else "Not confirmed."


def known(text: str) -> str:
    """The text; nothing if it says that a fact is unknown."""
    return "" if text == "unknown" else text


def _sentences(*texts: str) -> str:
    """Joins the texts that are not empty, each ending as a sentence."""
    return " ".join(text if text[-1] in ".!?" else f"{text}." for text in texts if text)


def filled(**fields: Any) -> Record:
    """A record without its empty fields: in HSDS, what is not known is left out."""
    return {name: value for name, value in fields.items() if value not in ("", None, [])}


def service_id(route: Route) -> str:
    """The identifier of a route as an HSDS service."""
    return identifier("service", route.id)
