"""The directory as open data, in the Human Services Data Specification (HSDS) 3.0 that Open Referral UK uses.

A program that reads it may know HSDS and nothing about this site. So a fact that is not confirmed says so in
its description and has an attribute. Opening times are given as times only where they are confirmed: a program
must never show a line as open because we guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from signpost.i18n.hours_text import HoursFormatter, sentence
from signpost.models.directory import Contact, Directory, Nation, Route
from signpost.models.hours import Confidence, Hours, Span, Times

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

Record = dict[str, Any]


def services(directory: Directory) -> Record:
    """Every service in full, in the form of HSDS's ``GET /services`` when all fit on one page."""
    contents = [service(route, directory) for route in directory.routes.values()]
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


def service(route: Route, directory: Directory) -> Record:
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
        schedules=[each for contact in route.contacts for each in schedules(route, contact)],
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


def schedules(route: Route, contact: Contact) -> Iterable[Record]:
    """When a contact answers, as HSDS schedules: one for each rule of its week; none if not known.

    Times are UK local time. Only confirmed hours become times; others are described in words.
    """
    hours = contact.hours
    words = {
        "always": "Open 24 hours, every day.",
        "limited": f"{sentence(HoursFormatter().week(hours))}.",
        "any-time": "Send any time. An answer comes later. Not for danger now.",
    }.get(hours.open)
    if words is None:
        return
    for number, times in enumerate(_weekly(hours) if hours.confidence == "high" else [{}]):
        id_ = _id("schedule", route.id, _name(contact), *([str(number)] if number else []))
        yield (
            _filled(
                id=id_,
                description=_sentences(words, _unsure(hours.confidence)),
                attending_type=_name(contact),
                valid_from=hours.begins and hours.begins.isoformat(),
                valid_to=hours.ends and hours.ends.isoformat(),
                attributes=_marks(id_, "schedule", hours.confidence),
            )
            | times
        )


def _weekly(hours: Hours) -> list[Record]:
    """The rules of a week: days, opening and closing time. A closing time before the opening is on the next day."""
    if hours.open == "any-time":
        return [{}]
    spans = hours.spans or (Span(tuple(range(7)), (Times(0, 24 * 60),)),)
    return [
        {
            "freq": "WEEKLY",
            "byday": ",".join(_BYDAY[day] for day in span.days),
            "opens_at": _clock(times.opens),
            "closes_at": "23:59" if times.closes == 24 * 60 else _clock(times.closes),
        }
        for span in spans
        for times in span.times
    ]


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


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
