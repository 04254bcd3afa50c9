"""The directory: every service a visitor can be sent to, and how to reach it.

One file in ``content/routes/`` is one route. The file's name is the route's id: it is used in the URL
``/help/<id>`` and to refer to the route from other content files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal

from signpost.models.errors import ContentProblem
from signpost.models.hours import UK_NATIONS, Confidence, Hours, UKNation
from signpost.models.text import Translatable
from signpost.models.toml import read_file, read_folder

Nation = Literal["england", "wales", "scotland", "northern-ireland", "abroad"]

#: What a route can do. The rules (checks/rules.py) ask for roles, never for a route's id.
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
    "anonymous",  # made for reporting without giving a name
    "survivor",
    "crisis",  # for distress and thoughts of suicide
    "health",  # medical care after an assault
    "parents",
    "online-harm",  # other harm online
    "disclosure",  # asking police about a named person
    "abroad",
]

Kind = Literal["phone", "text", "sign-language", "chat", "web", "email", "in-person"]

#: Whether a service needs the visitor's name. Each route must say one of these (rule 8).
NameNeeded = Literal[
    "no",
    "no-but",  # no, but they must act on what they learn about a child
    "can-refuse",  # they ask and the visitor can refuse, but they may see the phone number
    "yes",
]

#: The most words that fit on the single line of a card on a result, for each of its texts.
NAME_WORDS, CHILD_WORDS, CARD_WORDS = 15, 15, 20


#: How long after a check a source must be read again, unless the source has its own ``review_by``.
REVIEW_AFTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: ``title`` is our name for it, ``dated`` the page's own date in words.

    Both quote an English page, so they are not translated, and a new source needs no translator. A source with neither
    address nor date is general knowledge.
    ``checked`` is the day we read it. ``first_party`` means that it is the service's own page and that the
    operator read it there, live, on that day. ``asked`` is the day on which the service confirmed to us what
    we took from it. ``review_by`` is the day by which to read it again; the default is ``REVIEW_AFTER`` later.
    """

    title: str
    address: str
    dated: str
    checked: date
    first_party: bool = False
    asked: date | None = None
    review_by: date | None = None

    @property
    def review_due(self) -> date:
        """The day by which to read the source again."""
        return self.review_by or self.checked + REVIEW_AFTER


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a route's file states and that may go out of date, with its place in the file."""

    where: str
    what: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a route: a phone line, a text number, a form.

    ``number`` is written as the service writes it; ``address`` is a web or e-mail address; ``sms_keyword`` is
    the word to text. ``reachable_from`` says where it can be reached from. ``cost_source`` names the source of
    the cost, if it is not ``source``. ``languages`` maps the codes of the languages it answers in, besides
    English, to how sure we are.
    """

    kind: Kind
    source: str
    confidence: Confidence
    hours: Hours
    number: str = ""
    address: str = ""
    sms_keyword: str = ""
    label: Translatable = ""
    note: Translatable = ""
    cost: Literal["free", "charged", "unknown"] = "unknown"
    cost_confidence: Confidence = "high"
    cost_source: str = ""
    reachable_from: Literal["uk", "abroad", "anywhere"] = "uk"
    purpose: tuple[Literal["report", "talk", "remove", "ask"], ...] = ()
    languages: dict[str, Confidence] = field(default_factory=dict)

    @property
    def href(self) -> str:
        """The href of a link to this contact: ``tel:``, ``sms:``, ``mailto:`` or the web address."""
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
        """The number or address as visitors read it: web addresses without ``https://`` or a trailing slash."""
        if self.number:
            return self.number
        return self.address.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")

    @property
    def is_text_relay(self) -> bool:
        """Whether it is a number for textphones and the Relay UK app, which begins with 18001."""
        return self.number.startswith("18001")

    @property
    def round_the_clock(self) -> bool:
        """Whether it answers 24 hours a day. ``hours.confidence`` says how sure we are."""
        return self.hours.open == "always"


@dataclass(frozen=True, slots=True)
class Privacy:
    """Whether a name is needed, and what the service may pass on (rule 8).

    ``in_short`` replaces the standard sentence for ``name_needed`` on a result, where that would be untrue.
    """

    name_needed: NameNeeded
    words: Translatable
    source: str
    confidence: Confidence
    in_short: Translatable = ""


@dataclass(frozen=True, slots=True)
class ForChildren:
    """What a child should know before they make contact (rule 12).

    On a result, ``in_short`` says whether it stays private; the other texts are in a fold.
    """

    in_short: Translatable
    contacts_back: Translatable
    may_tell: Translatable
    leaves_behind: Translatable


@dataclass(frozen=True, slots=True)
class Ages:
    """A span of ages in whole years, both ends included."""

    youngest: int = 0
    oldest: int = 120

    def cover(self, other: Ages) -> bool:
        """Whether this span includes all of ``other``."""
        return self.youngest <= other.youngest and self.oldest >= other.oldest


@dataclass(frozen=True, slots=True)
class Route:
    """A service, and everything a visitor may want to know before they contact it.

    ``family`` groups routes that do the same work in different nations: a result may name the family, and
    the visitor is shown the member that fits. A field whose value is "unknown" is shown as not known, and
    listed for review. ``next_in_short`` is a shorter ``next`` for results. ``card_line`` replaces the standard
    line of a card (cost, hours, name) where something else matters more. ``unconfirmed`` says in words which
    facts we could not confirm. ``with_an_adult`` marks a route for under 18s that a parent or carer may use
    together with their child.
    """

    id: str
    name: Translatable
    organisation: Translatable
    summary: Translatable
    who: Translatable
    nations: tuple[Nation, ...]
    roles: tuple[Role, ...]
    contacts: tuple[Contact, ...]
    privacy: Privacy
    next: Translatable
    access: Translatable
    languages: Translatable
    sources: dict[str, Source]
    ages: Ages = field(default_factory=Ages)
    family: str = ""
    next_in_short: Translatable = ""
    card_line: Translatable = ""
    not_for: Translatable = ""
    unconfirmed: Translatable = ""
    with_an_adult: bool = False
    children: ForChildren | None = None

    @property
    def primary_contact(self) -> Contact:
        """The first contact: the button on a result, and the number in running text and on posters."""
        return self.contacts[0]

    def contacts_from(self, abroad: bool) -> tuple[Contact, ...]:
        """The contacts that can be reached from outside the UK (``abroad``) or from inside it."""
        wrong = "uk" if abroad else "abroad"
        return tuple(c for c in self.contacts if c.reachable_from != wrong)

    def talk_lines(self, abroad: bool) -> tuple[Contact, ...]:
        """Its phone lines for talking to somebody."""
        if "talk" not in self.roles:
            return ()
        return tuple(c for c in self.contacts_from(abroad) if c.kind == "phone" and "talk" in c.purpose)

    def facts(self) -> Iterator[Fact]:
        """Every fact for which its file names a source."""
        yield Fact("privacy", "names and privacy", self.privacy.source, self.privacy.confidence)
        for n, contact in enumerate(self.contacts, 1):
            where, what = f"contact {n}", contact.text or contact.label
            yield Fact(where, what, contact.source, contact.confidence)
            if contact.cost != "unknown":
                source = contact.cost_source or contact.source
                yield Fact(f"{where}, cost", f"{what}, cost", source, contact.cost_confidence)
            for code, confidence in contact.languages.items():
                yield Fact(f"{where}, languages", f"{what}, answers in {code}", contact.source, confidence)
            if contact.hours.open != "unknown" or contact.hours.days:
                hours = contact.hours
                yield Fact(f"{where}, hours", f"{what}, hours", hours.source, hours.confidence)

    def cited(self) -> list[Source]:
        """The sources that its facts cite, in the order of the file."""
        names = {fact.source for fact in self.facts()}
        return [source for name, source in self.sources.items() if name in names]

    @property
    def checked(self) -> date:
        """The day of the oldest check of any of its facts."""
        return min(source.checked for source in self.cited())

    @property
    def asked(self) -> bool:
        """Whether the service itself has confirmed all its facts to us."""
        return all(source.asked for source in self.cited())

    @property
    def review_due(self) -> date:
        """The earliest day by which one of its facts must be checked again."""
        return min(source.review_due for source in self.cited())

    def confirms(self, contact: Contact, day: date, within: int) -> bool:
        """Whether the hours of a contact are sure enough on ``day`` to say "open now".

        They are if the contact and its hours have high confidence, and the operator read the hours on the
        service's own page at most ``within`` days before ``day``.
        """
        hours = contact.hours
        if hours.open not in ("always", "limited") or {contact.confidence, hours.confidence} != {"high"}:
            return False
        source = self.sources[hours.source]
        return source.first_party and 0 <= (day - source.checked).days <= within


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the help list, and the ids of the routes under it, in order."""

    id: str
    title: Translatable
    routes: tuple[str, ...]
    intro: Translatable = ""


@dataclass(frozen=True)
class Directory:
    """Every route by id, the groups of the help list, and the nations that the content is for."""

    routes: dict[str, Route]
    groups: tuple[Group, ...]
    nations: tuple[UKNation, ...] = UK_NATIONS

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
        """The routes to show a visitor of these ages in this nation where a result names ``name``.

        From a family, picks the most specific member: the one that serves the fewest nations. If the nation is
        not known, picks the member that serves all nations; if there is none, returns every member, the one
        for most nations first. ``for_child`` also allows routes that an adult may use with their child.
        Returns an empty tuple if no member serves the visitor.
        """
        serving = [
            r
            for r in self.named(name)
            if (r.ages.cover(ages) or (for_child and r.with_an_adult))
            and (nation is None or nation in r.nations)
        ]
        if nation is None:
            whole = [r for r in serving if set(self.nations) <= set(r.nations)]
            return tuple(whole[:1] or sorted(serving, key=lambda r: -len(r.nations)))
        return tuple(sorted(serving, key=lambda r: len(r.nations))[:1])


@dataclass(frozen=True, slots=True)
class HelpList:
    """The file of the help list (``help.toml``)."""

    groups: tuple[Group, ...]


def load_directory(folder: Path, nations: tuple[UKNation, ...], problems: list[ContentProblem]) -> Directory:
    """Reads ``routes/`` and ``help.toml`` in the content folder.

    Args:
        folder: the content folder.
        nations: the nations that the content is for.
        problems: a list to which a problem is added for everything that cannot be read.
    """
    routes = read_folder(folder, "routes", Route, problems)
    help_list = read_file(folder, "help.toml", HelpList, problems)
    return Directory(routes, help_list.groups if help_list else (), nations)
