"""Reads everything in a content folder into one object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from signpost.models import changes
from signpost.models.changes import Changes
from signpost.models.directory import Directory, Route, Source, load_directory
from signpost.models.errors import ContentError, ContentProblem
from signpost.models.hours import UK_NATIONS, Calendar, ExtraBankHoliday, UKNation
from signpost.models.journey import Journey, load_journey
from signpost.models.text import RunningText, Translatable
from signpost.models.toml import read_file, read_folder

#: The content that comes with the project.
OWN_CONTENT = Path(__file__).parent.parent / "content"


@dataclass(frozen=True, slots=True)
class Advice:
    """One advice page, ``/advice/<id>``. ``adult_images`` marks advice that is only about pictures of adults."""

    id: str
    title: Translatable
    summary: Translatable
    body: RunningText
    sources: dict[str, Source]
    adult_images: bool = False


@dataclass(frozen=True, slots=True)
class Essential:
    """A route that every error page shows, and a text that says who it is for."""

    route: str
    for_whom: Translatable


@dataclass(frozen=True, slots=True)
class Emergency:
    """The texts about an emergency, and the routes for a crisis, such as thoughts of suicide.

    Attributes:
        call: the line above ``when``.
        when: the full list of reasons to call 999.
        ways: how to reach 999 without speaking or hearing.
        abroad: says that other countries have other emergency numbers.
        short: the text before 999 in the bar at the top.
        crisis: ids of the routes for an adult in crisis.
        crisis_young: ids of the routes for a person under 18 in crisis.
        crisis_words: the text above those routes.
        crisis_abroad: the text above those routes for a visitor outside the UK.
        essentials: the routes that every error page shows.
        in_short: the reasons to call 999 in one sentence, for the start page.
        bsl: the text beside the button for British Sign Language.
        more: what else to do while help is on its way, and whom to call if there is no danger.
        abroad_short: like ``short``, for a visitor outside the UK; followed by ``abroad_number``.
        abroad_call: what to do outside the UK.
        abroad_number: the emergency number of most places outside the UK.
        abroad_ways: how to reach help outside the UK without speaking or hearing.
    """

    call: Translatable
    when: tuple[Translatable, ...]
    ways: RunningText
    abroad: Translatable
    short: Translatable
    crisis: tuple[str, ...]
    crisis_young: tuple[str, ...]
    crisis_words: RunningText
    crisis_abroad: RunningText
    essentials: tuple[Essential, ...]
    in_short: Translatable = ""
    bsl: Translatable = ""
    more: RunningText = ""
    abroad_short: Translatable = ""
    abroad_call: Translatable = ""
    abroad_number: str = "112"
    abroad_ways: RunningText = ""


@dataclass(frozen=True, slots=True)
class PointToConfirm:
    """Something to confirm before a real launch: what it is, the file it is in, and whom to ask."""

    what: str
    where: str
    ask: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Settings of the content as a whole (``scope.toml``). By default: every UK nation, every rule.

    ``rules_off`` names rules that do not apply to this content. ``reviewed`` maps a language code to the day
    on which a professional translator had finished reading that language.
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

    ``moved`` maps the path of each former page to the path of the page that replaces it. ``changes`` is the record of
    what has changed.
    """

    manifest: Manifest
    journey: Journey
    directory: Directory
    emergency: Emergency
    advice: dict[str, Advice]
    moved: dict[str, str]
    changes: Changes = field(default_factory=Changes)

    @property
    def emergency_route(self) -> Route:
        """The route for danger now: 999 in the UK. ``signpost.checks`` ensures that there is one."""
        return next(route for route in self.directory.routes.values() if "emergency" in route.roles)

    @property
    def checked(self) -> tuple[date, date]:
        """The first and the last day on which any fact was checked against its source, of a service or an advice page."""
        of_routes = (source for route in self.directory.routes.values() for source in route.sources.values())
        of_advice = (source for topic in self.advice.values() for source in topic.sources.values())
        days = [source.checked for source in (*of_routes, *of_advice)]
        return min(days), max(days)

    @property
    def last_checked(self) -> date:
        """The last day on which any fact was checked: the date of the content."""
        return self.checked[1]

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


#: What a content folder has: its files, and its folders of TOML files.
_FILES = (
    "scope.toml",
    "questions.toml",
    "notices.toml",
    "entries.toml",
    "help.toml",
    "emergency.toml",
    "moved.toml",
    changes.FILE,
)
_FOLDERS = ("routes", "results", "advice")
#: Folders of a content folder that others read: translators' tools, and the templates.
_OTHERS = ("translations", "templates")


def unread_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Each file that is in a content folder and is not read, with the reason."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        name = "/".join(parts)
        if (
            parts[0] in _OTHERS
            or name in _FILES
            or (path.is_dir() and (len(parts) == 1 and name in _FOLDERS))
        ):
            continue
        if parts[-1].startswith("."):
            yield name, "it is hidden, its name begins with a full stop"
        elif path.is_dir():
            yield (
                name,
                "it is a folder in a folder" if len(parts) > 1 else "its place is not one that is read",
            )
        elif parts[0] not in _FOLDERS:
            yield name, "its place is not one that is read"
        elif len(parts) == 2 and path.suffix != ".toml":
            yield name, "its name does not end in .toml"


@dataclass(frozen=True, slots=True)
class _Moved:
    pages: dict[str, str]


def load_content(folder: Path = OWN_CONTENT) -> Content:
    """Reads a content folder.

    Does not check that its parts fit together or that its paths keep the rules: ``signpost.checks`` does.

    Raises:
        ContentError: a file cannot be read, or an entry does not have the required shape. Names every
            problem.
    """
    problems: list[ContentProblem] = []
    manifest = read_file(folder, "scope.toml", Manifest, problems)
    directory = load_directory(folder, manifest.nations if manifest else UK_NATIONS, problems)
    journey = load_journey(folder, problems)
    emergency = read_file(folder, "emergency.toml", Emergency, problems)
    # Another charity's content may have no advice, and so no folder for it.
    wanted = (folder / "advice").exists() or any(each.advice for each in journey.results.values())
    advice = read_folder(folder, "advice", Advice, problems) if wanted else {}
    moved = read_file(folder, "moved.toml", _Moved, problems)
    # The command that writes it begins it.
    exists = (folder / changes.FILE).exists()
    record = read_file(folder, changes.FILE, Changes, problems) if exists else Changes()
    if problems or manifest is None or emergency is None or moved is None or record is None:
        raise ContentError(problems)
    return Content(manifest, journey, directory, emergency, advice, moved.pages, record)
