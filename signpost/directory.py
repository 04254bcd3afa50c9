"""The directory: every service a visitor can be sent to, and how to reach it.

One file in ``content/routes/`` is one route; the file's name is the route's id,
its address under ``/help/`` and its name in every other content file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from signpost.faults import Fault
from signpost.loading import read_file, read_folder

Nation = Literal["england", "wales", "scotland", "northern-ireland", "abroad"]
UK_NATIONS: tuple[Nation, ...] = ("england", "wales", "scotland", "northern-ireland")

#: How sure we are of a fact, from the service's own page or several that agree down. "unconfirmed" is general
#: knowledge that no source read has confirmed.
Confidence = Literal["high", "medium", "low", "unconfirmed"]

#: What a route is able to do. The rules (rules.py) speak of these, never of a route's id.
Role = Literal[
    "emergency",  # 999: danger now
    "report",  # takes a report that police or an official body acts on
    "police",
    "online-police",  # the national online child protection police (form)
    "talk",  # a person to talk it over with
    "children",  # made for children and young people
    "prevention",  # for people worried about themselves or an adult they know
    "childrens-services",
    "images",  # takes reports of, or removes, images of people under 18
    "adult-images",  # images of adults: never where the person pictured is a child
    "work",  # for people who work with children
    "anonymous",  # made for telling without a name
    "survivor",
    "despair",  # for distress and thoughts of suicide
    "health",  # medical care after an assault
    "parents",
    "online-harm",  # other harm online
    "disclosure",  # asking police about a named person
    "abroad",
]

Kind = Literal["phone", "text", "sign-language", "chat", "web", "email", "in-person"]

#: R8: one of three things is said of each route.
NameNeeded = Literal["no", "no-but", "yes"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read. ``dated`` is the page's own date in words; ``checked`` is when we read it."""

    title: str
    address: str
    dated: str
    checked: date


@dataclass(frozen=True, slots=True)
class Hours:
    """When a contact answers, in UK local time.

    ``open`` is "always" (24 hours, every day), "limited" (``words`` tells the hours), "any-time"
    (a form or an e-mail: send any time, an answer comes later) or "unknown".
    """

    open: Literal["always", "limited", "any-time", "unknown"]
    source: str = ""
    confidence: Confidence = "unconfirmed"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a route: a phone line, a text number, a form.

    ``number`` is printed as the service prints it; ``address`` is a web or e-mail address;
    ``send`` is the word to text. ``reach`` says from where it works.
    """

    kind: Kind
    source: str
    confidence: Confidence
    hours: Hours
    number: str = ""
    address: str = ""
    send: str = ""
    label: str = ""
    note: str = ""
    cost: Literal["free", "charged", "unknown"] = "unknown"
    cost_confidence: Confidence = "high"
    reach: Literal["uk", "abroad", "anywhere"] = "uk"
    purpose: tuple[Literal["report", "talk", "remove", "ask"], ...] = ()

    @property
    def href(self) -> str:
        """The address a link to this contact has: ``tel:``, ``sms:``, ``mailto:`` or the web address."""
        digits = "".join(c for c in self.number if c.isdigit() or c == "+")
        match self.kind:
            case "phone":
                return f"tel:{digits}"
            case "text":
                return f"sms:{digits}"
            case "email":
                return f"mailto:{self.address}"
            case _:
                return self.address

    @property
    def text(self) -> str:
        """The number or address as a visitor reads it: web addresses without ``https://`` or a last slash."""
        if self.number:
            return self.number
        return self.address.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")

    @property
    def relay(self) -> bool:
        """Whether it is a number for textphones and the Relay UK app, which put 18001 in front."""
        return self.number.startswith("18001")

    @property
    def round_the_clock(self) -> bool:
        """Whether it answers 24 hours a day, as far as we know (confidence is told beside it)."""
        return self.hours.open == "always"


@dataclass(frozen=True, slots=True)
class Privacy:
    """Whether a name is needed, and what the service may pass on (rule 8)."""

    name_needed: NameNeeded
    words: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ForChildren:
    """What a child should know before they make contact (rule 12)."""

    contacts_back: str
    may_tell: str
    leaves_behind: str


@dataclass(frozen=True, slots=True)
class Ages:
    """A span of ages in whole years, both ends included."""

    youngest: int = 0
    oldest: int = 120

    def cover(self, other: Ages) -> bool:
        """Whether everyone in ``other`` is inside this span."""
        return self.youngest <= other.youngest and self.oldest >= other.oldest


@dataclass(frozen=True, slots=True)
class Route:
    """A service, and everything a visitor may want to know before they contact it.

    ``family`` groups routes that are each other's equal in different nations; a result may name
    the family and the one that fits the visitor is shown. A field that says "unknown" is told to
    the visitor as not known, and listed for review. ``next_in_short`` is ``next`` for a result, where it
    is long. ``unconfirmed`` says in words which of its facts
    we could not confirm.
    """

    id: str
    name: str
    organisation: str
    summary: str
    who: str
    nations: tuple[Nation, ...]
    roles: tuple[Role, ...]
    contacts: tuple[Contact, ...]
    privacy: Privacy
    next: str
    access: str
    languages: str
    sources: dict[str, Source]
    ages: Ages = field(default_factory=Ages)
    family: str = ""
    next_in_short: str = ""
    not_for: str = ""
    unconfirmed: str = ""
    children: ForChildren | None = None

    def contacts_from(self, abroad: bool) -> tuple[Contact, ...]:
        """The contacts that work from outside the UK (``abroad``) or from inside it."""
        wrong = "uk" if abroad else "abroad"
        return tuple(c for c in self.contacts if c.reach != wrong)


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the help list, and the ids of the routes under it, in order."""

    id: str
    title: str
    routes: tuple[str, ...]
    intro: str = ""


@dataclass(frozen=True)
class Directory:
    """Every route by id, and the groups of the help list."""

    routes: dict[str, Route]
    groups: tuple[Group, ...]

    @cached_property
    def _families(self) -> dict[str, tuple[Route, ...]]:
        families: dict[str, tuple[Route, ...]] = {}
        for route in self.routes.values():
            if route.family:
                families[route.family] = (*families.get(route.family, ()), route)
        return families

    def named(self, name: str) -> tuple[Route, ...]:
        """The route with this id, or every member of the family with this name; empty if neither exists."""
        if name in self.routes:
            route = self.routes[name]
            if route.family != name:
                return (route,)
        return self._families.get(name, ())

    def fitting(self, name: str, nation: Nation | None, ages: Ages) -> tuple[Route, ...]:
        """The routes that a result naming ``name`` shows to somebody of these ages in this nation.

        Of a family, the member that serves the fewest nations beside the visitor's own is the one
        that fits best. Where the nation is not known, a member for the whole UK stands for all;
        without one, every member is shown, each with the nation it is for. Empty if nobody serves them.
        """
        serving = [
            r for r in self.named(name) if r.ages.cover(ages) and (nation is None or nation in r.nations)
        ]
        if nation is None:
            whole = [r for r in serving if set(UK_NATIONS) <= set(r.nations)]
            return tuple(whole[:1] or serving)
        return tuple(sorted(serving, key=lambda r: len(r.nations))[:1])


@dataclass(frozen=True, slots=True)
class _HelpList:
    groups: tuple[Group, ...]


def load_directory(folder: Path, faults: list[Fault]) -> Directory:
    """Read ``routes/`` and ``help.toml`` in the content folder; what is wrong is added to ``faults``."""
    known = len(faults)
    routes = read_folder(folder, "routes", Route, faults)
    help_list = read_file(folder, "help.toml", _HelpList, faults)
    directory = Directory(routes, help_list.groups if help_list else ())
    if len(faults) == known:  # else a route that cannot be read would seem to be missing everywhere
        faults.extend(_check(directory))
    return directory


def _check(directory: Directory) -> Iterable[Fault]:
    """What is wrong with the directory beyond the shape of its files."""
    grouped: set[str] = set()
    for group in directory.groups:
        grouped.update(group.routes)
        for id_ in group.routes:
            if id_ not in directory.routes:
                yield Fault(
                    "help.toml", group.id, f"There is no route “{id_}”.", "Correct the id, or take it out."
                )
    for route in directory.routes.values():
        yield from _check_route(route)
        if route.id not in grouped:
            yield Fault(
                "help.toml", "groups", f"The route “{route.id}” stands in no group.", "Add it to one."
            )


def _check_route(route: Route) -> Iterable[Fault]:
    file = f"routes/{route.id}.toml"
    for what, text in (("name", route.name), ("summary", route.summary), ("who", route.who)):
        if not text.strip():
            yield Fault(file, what, "It is empty.", "Write it.")
    if not route.nations:
        yield Fault(file, "nations", "The list is empty.", "Name at least one nation the route serves.")
    if route.ages.youngest > route.ages.oldest:
        yield Fault(file, "ages", "The youngest is older than the oldest.", "Swap them.")
    if not route.contacts:
        yield Fault(file, "contacts", "There is no contact.", "Add at least one way to reach the route.")
    for what, text in (("next", route.next), ("access", route.access), ("languages", route.languages)):
        if not text.strip():
            yield Fault(file, what, "It is empty.", "Write what is known, or “unknown”.")
    for where, source in _cited(route):
        if source not in route.sources:
            yield Fault(
                file,
                where,
                f"Its source “{source}” is not in this file.",
                "Add a [sources] table of that name.",
            )
    for n, contact in enumerate(route.contacts, 1):
        yield from _check_contact(contact, file, f"contact {n}")


def _cited(route: Route) -> Iterable[tuple[str, str]]:
    yield "privacy", route.privacy.source
    for n, contact in enumerate(route.contacts, 1):
        yield f"contact {n}", contact.source
        if contact.hours.open != "unknown":
            yield f"contact {n}, hours", contact.hours.source


def _check_contact(contact: Contact, file: str, where: str) -> Iterable[Fault]:
    needed = {"phone": "number", "text": "number", "in-person": "label"}.get(contact.kind, "address")
    if not getattr(contact, needed):
        yield Fault(
            file, where, f"A contact of kind “{contact.kind}” needs “{needed}”.", f'Add {needed} = "...".'
        )
    if contact.kind == "email" and "@" not in contact.address:
        yield Fault(file, where, f"“{contact.address}” is not an e-mail address.", "Correct it.")
    if needed == "address" and contact.kind != "email" and not contact.address.startswith("https://"):
        yield Fault(
            file,
            where,
            f"“{contact.address}” is not a web address.",
            "Write it whole, with https:// in front.",
        )
    if contact.hours.open == "limited" and not contact.hours.words:
        yield Fault(file, where, "Its hours are limited but not told.", 'Add words = "..." to hours.')
