"""All of the content: everything an editor wrote, read into one object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from signpost.models.directory import Directory, Route, Source, load_directory
from signpost.models.errors import ContentError, ContentProblem
from signpost.models.hours import UK_NATIONS, Calendar, ExtraBankHoliday, UKNation
from signpost.models.journey import Journey, load_journey
from signpost.models.text import Translatable
from signpost.models.toml import read_file, read_folder

#: The content that comes with the project.
OWN_CONTENT = Path(__file__).parent.parent / "content"


@dataclass(frozen=True, slots=True)
class Advice:
    """One advice page, ``/advice/<id>``. ``adult_images`` marks advice that is only about pictures of adults."""

    id: str
    title: Translatable
    summary: Translatable
    body: Translatable
    sources: dict[str, Source]
    adult_images: bool = False


@dataclass(frozen=True, slots=True)
class Essential:
    """A route that every error page shows, and whom it is for."""

    route: str
    for_whom: Translatable


@dataclass(frozen=True, slots=True)
class Emergency:
    """The words about an emergency, and the routes for a crisis: of adults, and of the young.

    Attributes:
        call: the line above ``when``.
        when: the whole list of what to call 999 for.
        ways: how to reach 999 without speaking or hearing.
        abroad: that elsewhere the number is another.
        short: what the bar at the top says before 999.
        crisis: the routes for a crisis of an adult; ``crisis_young`` for the young.
        crisis_words: what stands above those routes; ``crisis_abroad`` outside the UK.
        essentials: the routes of every error page.
        in_short: what to call 999 for, in one sentence, on the start page.
        bsl: what stands beside the button for British Sign Language.
        more: what else to do while help is on its way, and whom to call if there is no danger.
        abroad_short: as ``short``, for a visitor outside the UK; ``abroad_number`` follows.
        abroad_call: what to do outside the UK.
        abroad_number: the emergency number of most places outside the UK.
        abroad_child: for whoever is outside the UK and worried about a child in it, on a result with the UK police.
        abroad_ways: how to reach help there without speaking or hearing.
    """

    call: Translatable
    when: tuple[Translatable, ...]
    ways: Translatable
    abroad: Translatable
    short: Translatable
    crisis: tuple[str, ...]
    crisis_young: tuple[str, ...]
    crisis_words: Translatable
    crisis_abroad: Translatable
    essentials: tuple[Essential, ...]
    in_short: Translatable = ""
    bsl: Translatable = ""
    more: Translatable = ""
    abroad_short: Translatable = ""
    abroad_call: Translatable = ""
    abroad_number: str = "112"
    abroad_child: Translatable = ""
    abroad_ways: Translatable = ""


@dataclass(frozen=True, slots=True)
class PointToConfirm:
    """Something to confirm before a real launch: what, where it stands, and whom to ask."""

    what: str
    where: str
    ask: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What holds for the content as a whole (``scope.toml``). By default: every UK nation, every rule.

    ``rules_off`` names rules that do not apply to this content. ``reviewed`` gives, by language code, the
    day on which a professional translator had read that language.
    """

    nations: tuple[UKNation, ...] = UK_NATIONS
    rules_off: tuple[str, ...] = ()
    extra_bank_holidays: tuple[ExtraBankHoliday, ...] = ()
    to_confirm: tuple[PointToConfirm, ...] = ()
    reviewed: dict[str, date] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        """The bank holidays, including the extra ones."""
        return Calendar(self.extra_bank_holidays)


@dataclass(frozen=True, slots=True)
class Content:
    """The manifest, the journey, the directory it leads to, the emergency block and the advice.

    ``moved`` maps the address of each page that is gone to the page that replaces it.
    """

    manifest: Manifest
    journey: Journey
    directory: Directory
    emergency: Emergency
    advice: dict[str, Advice]
    moved: dict[str, str]

    @property
    def emergency_route(self) -> Route:
        """The route for danger now: 999 in the UK. ``checks`` makes sure that there is one."""
        return next(route for route in self.directory.routes.values() if "emergency" in route.roles)

    def running_texts(self) -> Iterator[tuple[str, str, str]]:
        """Every text that may hold Markdown, as (file, entry, text)."""
        for result in self.journey.results.values():
            yield result.file, result.id, result.lead
            yield result.file, result.id, result.when_shut
        for notice in self.journey.notices.values():
            yield "notices.toml", notice.id, notice.body
            yield "notices.toml", notice.id, notice.more
        for topic in self.advice.values():
            yield f"advice/{topic.id}.toml", "body", topic.body
        yield "emergency.toml", "ways", self.emergency.ways
        yield "emergency.toml", "more", self.emergency.more
        yield "emergency.toml", "abroad_ways", self.emergency.abroad_ways
        yield "emergency.toml", "crisis_words", self.emergency.crisis_words
        yield "emergency.toml", "crisis_abroad", self.emergency.crisis_abroad


@dataclass(frozen=True, slots=True)
class _Moved:
    pages: dict[str, str]


def load_content(folder: Path = OWN_CONTENT) -> Content:
    """Reads a content folder.

    Whether its parts fit together and its paths keep the rules is for ``signpost.checks`` to say.

    Raises:
        ContentError: a file cannot be read, or an entry does not have the shape it should have. Names
            every problem.
    """
    problems: list[ContentProblem] = []
    manifest = read_file(folder, "scope.toml", Manifest, problems)
    directory = load_directory(folder, manifest.nations if manifest else UK_NATIONS, problems)
    journey = load_journey(folder, problems)
    emergency = read_file(folder, "emergency.toml", Emergency, problems)
    # Another charity's content may have no advice, and then no folder for it.
    wanted = (folder / "advice").exists() or any(each.advice for each in journey.results.values())
    advice = read_folder(folder, "advice", Advice, problems) if wanted else {}
    moved = read_file(folder, "moved.toml", _Moved, problems)
    if problems or manifest is None or emergency is None or moved is None:
        raise ContentError(problems)
    return Content(manifest, journey, directory, emergency, advice, moved.pages)
