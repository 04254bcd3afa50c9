"""The directory: every service a visitor can be sent to, and how to reach it.

One file in ``content/routes/`` is one route; the file's name is the route's id,
its address under ``/help/`` and its name in every other content file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal

from signpost.faults import Fault
from signpost.hours import Confidence, Hours, overlaps
from signpost.hours_in_words import HoursInWords
from signpost.languages import TRANSLATIONS
from signpost.loading import read_file, read_folder
from signpost.scope import Scope
from signpost.words import Words

Nation = Literal["england", "wales", "scotland", "northern-ireland", "abroad"]

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

#: Rule 8: one of four things is said of each route.
NameNeeded = Literal[
    "no",
    "no-but",  # no, but they must act on what they learn of a child
    "can-refuse",  # they ask, one can say no, and they may see the number
    "yes",
]

#: The most words that fit into the one line of a card on a result.
NAME_WORDS, CHILD_WORDS, CARD_WORDS = 15, 15, 20


#: How long a check of a source is good for, where the source does not say.
REVIEW_AFTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read, in our words. ``dated`` is the page's own date in words; ``checked`` is when we read it.

    ``own`` says that it is the service's own page, and that the operator read it there, live, on that day.
    ``asked`` is the day on which the service itself confirmed to us what we took from it.
    ``review_by`` is the day by which it is to be read again, where that is not ``REVIEW_AFTER`` later.
    """

    title: Words
    address: str
    dated: Words
    checked: date
    own: bool = False
    asked: date | None = None
    review_by: date | None = None

    @property
    def due(self) -> date:
        """The day by which the source is to be read again."""
        return self.review_by or self.checked + REVIEW_AFTER


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a route's file states and that may go stale: its place there, and what it is in words."""

    where: str
    what: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a route: a phone line, a text number, a form.

    ``number`` is printed as the service prints it; ``address`` is a web or e-mail address;
    ``send`` is the word to text. ``reach`` says from where it works. What it costs was read where
    the contact was, unless ``cost_source`` says another place. ``also_in`` has the languages beside English in
    which it answers, by their codes, and how sure we are.
    """

    kind: Kind
    source: str
    confidence: Confidence
    hours: Hours
    number: str = ""
    address: str = ""
    send: str = ""
    label: Words = ""
    note: Words = ""
    cost: Literal["free", "charged", "unknown"] = "unknown"
    cost_confidence: Confidence = "high"
    cost_source: str = ""
    reach: Literal["uk", "abroad", "anywhere"] = "uk"
    purpose: tuple[Literal["report", "talk", "remove", "ask"], ...] = ()
    also_in: dict[str, Confidence] = field(default_factory=dict)

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
    """Whether a name is needed, and what the service may pass on (rule 8).

    ``in_short`` is what a result says, where the words for ``name_needed`` would not be true of this service.
    """

    name_needed: NameNeeded
    words: Words
    source: str
    confidence: Confidence
    in_short: Words = ""


@dataclass(frozen=True, slots=True)
class ForChildren:
    """What a child should know before they make contact (rule 12).

    ``in_short`` says whether it stays private, on a result; the rest waits in a fold there.
    """

    in_short: Words
    contacts_back: Words
    may_tell: Words
    leaves_behind: Words


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
    is long. ``card_line`` is the one line of a card, where cost, hours and name do not say what decides.
    ``unconfirmed`` says in words which of its facts we could not confirm. ``with_an_adult`` says that it is for
    the young, and that a parent or carer may use it beside their child.
    """

    id: str
    name: Words
    organisation: Words
    summary: Words
    who: Words
    nations: tuple[Nation, ...]
    roles: tuple[Role, ...]
    contacts: tuple[Contact, ...]
    privacy: Privacy
    next: Words
    access: Words
    languages: Words
    sources: dict[str, Source]
    ages: Ages = field(default_factory=Ages)
    family: str = ""
    next_in_short: Words = ""
    card_line: Words = ""
    not_for: Words = ""
    unconfirmed: Words = ""
    with_an_adult: bool = False
    children: ForChildren | None = None

    def contacts_from(self, abroad: bool) -> tuple[Contact, ...]:
        """The contacts that work from outside the UK (``abroad``) or from inside it."""
        wrong = "uk" if abroad else "abroad"
        return tuple(c for c in self.contacts if c.reach != wrong)

    def talk_lines(self, abroad: bool) -> tuple[Contact, ...]:
        """Its phone lines to a person who listens."""
        if "talk" not in self.roles:
            return ()
        return tuple(c for c in self.contacts_from(abroad) if c.kind == "phone" and "talk" in c.purpose)

    def facts(self) -> Iterator[Fact]:
        """Everything its file states and cites a source for."""
        yield Fact("privacy", "names and privacy", self.privacy.source, self.privacy.confidence)
        for n, contact in enumerate(self.contacts, 1):
            where, what = f"contact {n}", contact.text or contact.label
            yield Fact(where, what, contact.source, contact.confidence)
            if contact.cost != "unknown":
                source = contact.cost_source or contact.source
                yield Fact(f"{where}, cost", f"{what}, cost", source, contact.cost_confidence)
            for code, confidence in contact.also_in.items():
                yield Fact(f"{where}, also_in", f"{what}, answers in {code}", contact.source, confidence)
            if contact.hours.open != "unknown" or contact.hours.days:
                hours = contact.hours
                yield Fact(f"{where}, hours", f"{what}, hours", hours.source, hours.confidence)

    def cited(self) -> list[Source]:
        """The sources that its facts rest on, in the order of the file."""
        names = {fact.source for fact in self.facts()}
        return [source for name, source in self.sources.items() if name in names]

    @property
    def checked(self) -> date:
        """The day on which all its facts had been checked: that of the oldest."""
        return min(source.checked for source in self.cited())

    @property
    def asked(self) -> bool:
        """Whether the service itself has confirmed all its facts to us."""
        return all(source.asked for source in self.cited())

    @property
    def due(self) -> date:
        """The day by which the first of its facts is to be checked again."""
        return min(source.due for source in self.cited())

    def confirms(self, contact: Contact, day: date, within: int) -> bool:
        """Whether the hours of a contact are sure enough on a day to say "open now".

        They are where we are sure of the contact and of its hours, and the operator has read these on
        the service's own page, at most ``within`` days ago.
        """
        hours = contact.hours
        if hours.open not in ("always", "limited") or {contact.confidence, hours.confidence} != {"high"}:
            return False
        source = self.sources[hours.source]
        return source.own and 0 <= (day - source.checked).days <= within


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the help list, and the ids of the routes under it, in order."""

    id: str
    title: Words
    routes: tuple[str, ...]
    intro: Words = ""


@dataclass(frozen=True)
class Directory:
    """Every route by id, the groups of the help list, and for whom all of it is."""

    routes: dict[str, Route]
    groups: tuple[Group, ...]
    scope: Scope = field(default_factory=Scope)

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

    def fitting(
        self, name: str, nation: Nation | None, ages: Ages, for_child: bool = False
    ) -> tuple[Route, ...]:
        """The routes that a result naming ``name`` shows to somebody of these ages in this nation.

        Of a family, the member that serves the fewest nations beside the visitor's own is the one
        that fits best. Where the nation is not known, a member for all nations stands for all;
        without one, every member is shown, each with the nations it is for, the one for most people first.
        ``for_child`` shows them what they may use beside their child as well. Empty if nobody serves them.
        """
        serving = [
            r
            for r in self.named(name)
            if (r.ages.cover(ages) or (for_child and r.with_an_adult))
            and (nation is None or nation in r.nations)
        ]
        if nation is None:
            whole = [r for r in serving if set(self.scope.nations) <= set(r.nations)]
            return tuple(whole[:1] or sorted(serving, key=lambda r: -len(r.nations)))
        return tuple(sorted(serving, key=lambda r: len(r.nations))[:1])


@dataclass(frozen=True, slots=True)
class _HelpList:
    groups: tuple[Group, ...]


def load_directory(folder: Path, scope: Scope, faults: list[Fault]) -> Directory:
    """Read ``routes/`` and ``help.toml`` in the content folder; what is wrong is added to ``faults``."""
    known = len(faults)
    routes = read_folder(folder, "routes", Route, faults)
    help_list = read_file(folder, "help.toml", _HelpList, faults)
    directory = Directory(routes, help_list.groups if help_list else (), scope)
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
    yield from _check_lengths(route, file)
    for fact in route.facts():
        if fact.source not in route.sources:
            problem = f"Its source “{fact.source}” is not in this file."
            yield Fault(file, fact.where, problem, "Add a [sources] table of that name.")
    for n, contact in enumerate(route.contacts, 1):
        yield from _check_contact(contact, file, f"contact {n}")
        yield from _check_hours(contact.hours, file, f"contact {n}, hours")


def _check_lengths(route: Route, file: str) -> Iterable[Fault]:
    """What is too long, or missing, for the one line of a card."""
    child = route.children
    if child and not child.in_short.strip():
        mend = f"Say in at most {CHILD_WORDS} words whether it stays private."
        yield Fault(file, "children, in_short", "It is empty.", mend)
    for where, text, most in (
        ("privacy, in_short", route.privacy.in_short, NAME_WORDS),
        ("children, in_short", child.in_short if child else "", CHILD_WORDS),
        ("card_line", route.card_line, CARD_WORDS),
    ):
        words = len(text.split())
        if words > most:
            problem = f"It has {words} words, and the line on a result has room for {most}."
            yield Fault(file, where, problem, "Shorten it; the rest belongs into the longer text.")


def _check_contact(contact: Contact, file: str, where: str) -> Iterable[Fault]:
    for code in contact.also_in:
        if code not in TRANSLATIONS:
            mend = f"Write one of {', '.join(TRANSLATIONS)}."
            yield Fault(file, where, f"also_in has “{code}”, in which the site is not.", mend)
    needed = {"phone": "number", "text": "number", "in-person": "label"}.get(contact.kind, "address")
    if not getattr(contact, needed):
        yield Fault(
            file, where, f"A contact of kind “{contact.kind}” needs “{needed}”.", f'Add {needed} = "...".'
        )
    if contact.kind == "email" and not _EMAIL.fullmatch(contact.address):
        yield Fault(file, where, f"“{contact.address}” is not an e-mail address.", "Correct it.")
    if needed == "address" and contact.kind != "email" and not _WEB.fullmatch(contact.address):
        yield Fault(
            file,
            where,
            f"“{contact.address}” is not a web address.",
            "Write it whole, with https:// in front.",
        )


_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
#: Sources may be old pages without a certificate; visitors are not sent to one.
_WEB = re.compile(r"https://[^\s/.]+(\.[^\s/.]+)+(/\S*)?")


def _check_hours(hours: Hours, file: str, where: str) -> Iterable[Fault]:
    if hours.open == "limited" and not hours.spans:
        mend = 'Add spans = ["mon-fri 09:00-17:00"] to hours.'
        yield Fault(file, where, "Its hours are limited but not told.", mend)
    if hours.open != "limited" and (hours.spans or hours.bank_holidays):
        mend = 'Write open = "limited", or take the spans and bank holidays out.'
        yield Fault(file, where, f"It is “{hours.open}” and has hours of its own.", mend)
    if hours.open != "unknown" and hours.days:
        mend = "“days” is for hours that are not known: write spans instead."
        yield Fault(file, where, f"It is “{hours.open}” and tells only days.", mend)
    if overlaps(hours.spans):
        told = ", ".join(f"“{HoursInWords().span(span)}”" for span in hours.spans)
        yield Fault(file, where, f"Its spans overlap: {told}.", "Correct or join them.")
    if hours.begins and hours.ends and hours.begins > hours.ends:
        yield Fault(file, where, "It ends before it begins.", "Swap the dates, or correct one.")
