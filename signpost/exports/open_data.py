"""The directory as open data, in the Human Services Data Specification (HSDS) 3.0 that Open Referral UK uses.

A program that reads it may know HSDS and nothing about this site. So a fact that is not confirmed says so in
its description and has an attribute. Opening times are given as times only for days on which a page of ours would say
"open now": a program must never show a line as open where we do not. Everything else about hours is in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from signpost.i18n.hours_text import HoursFormatter, sentence
from signpost.models.directory import Contact, Directory, Nation, Route
from signpost.models.hours import LONDON, Calendar, Confidence, Hours, Times, start_and_end, times_begun

LICENCE = "https://spdx.org/licenses/MIT.html"

#: The namespace of every identifier, so that identifiers are the same each day and on every copy of the site.
_ROOT = UUID("0a3d4f0e-6f0f-4a52-9c56-3a1f0f5a7c11")

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


def services(directory: Directory, today: Today) -> Record:
    """Every service in full, in the form of HSDS's ``GET /services`` when all fit on one page."""
    contents = [service(route, directory, today) for route in directory.routes.values()]
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "license": LICENCE,
        "contents": contents,
    }


def service(route: Route, directory: Directory, today: Today) -> Record:
    """One route as an HSDS service. Its organisation's description lists every route that it runs."""
    runs = [each.name for each in directory.routes.values() if each.organisation == route.organisation]
    emails = [contact for contact in route.contacts if contact.kind == "email"]
    pages = [contact.address for contact in route.contacts if contact.address.startswith("https://")]
    return _filled(
        id=_id("service", route.id),
        organization={
            "id": _id("organisation", route.organisation),
            "name": route.organisation,
            "description": f"Runs or answers for: {', '.join(runs)}.",
        },
        name=route.name,
        description=_sentences(route.summary, route.not_for, route.unconfirmed),
        url=pages[0] if pages else "",
        email=emails[0].address if emails else "",
        status="active",
        interpretation_services=_known(route.languages),
        application_process=_sentences(
            route.privacy.words, _unsure(route.privacy.confidence), _known(route.next)
        ),
        eligibility_description=route.who,
        minimum_age=route.ages.youngest or None,
        maximum_age=route.ages.oldest if route.ages.oldest < _OLDEST else None,
        assured_date=min(source.checked for source in route.sources.values()).isoformat(),
        phones=[_phone(route, each) for each in route.contacts if each.number],
        schedules=[each for contact in route.contacts for each in schedules(route, contact, today)],
        service_areas=[
            _filled(id=_id("area", route.id, nation), name=_AREAS[nation][0], uri=_AREAS[nation][1])
            for nation in route.nations
        ],
        service_at_locations=list(_places(route)),
        languages=[{"id": _id("languages", route.id), "note": route.languages}]
        if _known(route.languages)
        else [],
        cost_options=[_cost(route, each) for each in route.contacts if each.cost != "unknown"],
        contacts=[
            {"id": _id("contact", route.id, each.address), "name": _name(each), "email": each.address}
            for each in emails[1:]
        ],
    )


def schedules(route: Route, contact: Contact, today: Today) -> Iterator[Record]:
    """When a contact answers, as HSDS schedules: what is known in words, then the rules of the next weeks as times."""
    hours = contact.hours
    words = {
        "always": "Open 24 hours, every day.",
        "limited": f"{sentence(_WORDS.week(hours))}, UK time. {_WORDS.holidays(hours, _IN_NATION)}",
        "any-time": "Send any time. An answer comes later. Not for danger now.",
    }.get(hours.open)
    if words is None:
        return
    id_ = _id("schedule", route.id, _name(contact))
    described = _filled(
        id=id_,
        description=_sentences(words, _unsure(hours.confidence)),
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
            number = _id("schedule", route.id, _name(contact), *map(str, rule.values()))
            yield {
                "id": number,
                "description": described["description"],
                "attending_type": _name(contact),
            } | rule


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
    id_ = _id("phone", route.id, _name(contact))
    works = {"uk": "Works in the UK.", "abroad": "For calls from outside the UK.", "anywhere": ""}
    send = f"Text the word {contact.sms_keyword}." if contact.sms_keyword else ""
    return _filled(
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
    if _known(route.access):
        id_ = _id("access", route.id)
        access = [{"id": _id("accessibility", route.id), "description": route.access}]
        yield {
            "id": _id("at", id_),
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
        id_ = _id("place", route.id, _name(contact))
        yield {
            "id": _id("at", id_),
            "location": _filled(
                id=id_,
                location_type="physical" if contact.kind == "in-person" else "virtual",
                url=contact.address,
                name=_name(contact),
                description=_sentences(contact.note, _unsure(contact.confidence)),
                attributes=_marks(id_, "location", contact.confidence),
            ),
        }


def _cost(route: Route, contact: Contact) -> Record:
    id_ = _id("cost", route.id, _name(contact))
    free = contact.cost == "free"
    words = "Free." if free else "You pay for the call."
    return _filled(
        id=id_,
        option=_name(contact),
        amount_description=_sentences(words, _unsure(contact.cost_confidence)),
        attributes=_marks(id_, "cost_option", contact.cost_confidence),
    ) | ({"amount": 0, "currency": "gbp"} if free and contact.cost_confidence == "high" else {})


def _marks(id_: str, entity: str, confidence: Confidence) -> list[Record]:
    """The attribute for a fact that is not confirmed, in HSDS's form: a taxonomy term linked to the record."""
    if confidence == "high":
        return []
    term = {
        "id": _id("term", "not-confirmed"),
        "name": "Not confirmed",
        "description": "Read on an old page or on just one, or known only from others. Check with the service first.",
    }
    return [
        {
            "id": _id("mark", id_),
            "link_id": id_,
            "link_entity": entity,
            "taxonomy_term_id": term["id"],
            "value": confidence,
            "taxonomy_term": term,
        }
    ]


def _name(contact: Contact) -> str:
    """A name for a contact that no other contact of its route has."""
    return ": ".join(dict.fromkeys(filter(None, (contact.label or contact.kind.title(), contact.text))))


def _unsure(confidence: Confidence) -> str:
    return "" if confidence == "high" else "Not confirmed."


def _known(text: str) -> str:
    return "" if text == "unknown" else text


def _sentences(*texts: str) -> str:
    """Joins the texts that are not empty, each ending as a sentence."""
    return " ".join(text if text[-1] in ".!?" else f"{text}." for text in texts if text)


def _filled(**fields: Any) -> Record:
    """A record without its empty fields: in HSDS, what is not known is left out."""
    return {name: value for name, value in fields.items() if value not in ("", None, [])}


def _id(*names: str) -> str:
    return str(uuid5(_ROOT, "/".join(names)))
