"""The operator's worklist: what to do so that the facts stay true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from config import Config
from signpost.checks.rules import launch_blockers
from signpost.i18n.languages import TRANSLATIONS
from signpost.i18n.translate import untranslated
from signpost.models.content import Content
from signpost.models.directory import Route
from signpost.models.errors import ContentError

#: The kinds of tasks, the most urgent first.
COPY, BLOCKER, POINT, SETTING, LANGUAGE, LAPSED, DUE, UNCONFIRMED, UNKNOWN, UNASKED = KINDS = (
    "To be repaired: what visitors get while the site is down",
    "To be confirmed before a real launch",
    "A point of law to be confirmed before a real launch",
    "Not configured",
    "A translation to be finished, or read by a professional, before it is shown",
    "Past its review date",
    "Soon to be checked again",
    "Shown as not confirmed",
    "Shown as not known",
    "To be asked of the service itself",
)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: its kind, the file or setting, what to do, the page to check against, and the due date."""

    kind: str
    where: str
    what: str
    page: str = ""
    by: date | None = None


#: The day on which the accessibility statement was last reviewed, and the day by which to review it again.
REVIEWED, REVIEW_BY = date(2026, 11, 25), date(2027, 5, 25)
_STATEMENT = Task(
    DUE, "templates/pages/accessibility.html", "What it says of testing still holds", "", REVIEW_BY
)


def worklist(content: Content, config: Config, today: date, within: int) -> list[Task]:
    """Every task, the most urgent kind first, and within a kind by due date.

    Args:
        content: the content.
        config: the settings.
        today: the day for which to list the tasks.
        within: list reviews that are due within this many days.
    """
    tasks = [
        *_settings(config),
        *_points(content),
        *_languages(content, config),
        *_dated(content, config),
    ]
    blockers = {route.id for route in launch_blockers(content)}
    for route in content.directory.routes.values():
        if route.id in blockers:
            tasks.append(Task(BLOCKER, _file(route), route.unconfirmed, _page(route)))
        tasks += [*_unconfirmed(route), *_unknown(route)]
        if not route.asked:
            what = "Is all that we say of it right? Then enter the day as “asked” in each source."
            tasks.append(Task(UNASKED, _file(route), what, _page(route)))
    placed = (_placed(task, today, within) for task in tasks)
    return sorted(filter(None, placed), key=lambda task: (KINDS.index(task.kind), task.by or date.max))


def next_due(content: Content, config: Config) -> date:
    """The day by which the next fact is to be checked again; in the past if one has lapsed."""
    return min(task.by for task in _dated(content, config) if task.by)


def has_due_tasks(tasks: list[Task]) -> bool:
    """Whether any task is a check that is overdue or due soon, or a repair."""
    return any(task.kind in (COPY, LAPSED, DUE) for task in tasks)


def _placed(task: Task, today: date, within: int) -> Task | None:
    """The task with the kind it has on a day; None for a review that is not due yet."""
    if task.by is None:
        return task
    if task.by > today + timedelta(days=within):
        return None
    return Task(LAPSED if task.by < today else DUE, task.where, task.what, task.page, task.by)


def _settings(config: Config) -> Iterator[Task]:
    if not config.operator:
        yield Task(SETTING, "SIGNPOST_OPERATOR", "Who runs the site and answers for it")
    if not config.contact:
        yield Task(SETTING, "SIGNPOST_CONTACT", "Where to tell them about a mistake")
    if not config.base_url.startswith("https://"):
        yield Task(
            SETTING, "SIGNPOST_BASE_URL", "The address that partners link to and that lists to keep name"
        )


def _points(content: Content) -> Iterator[Task]:
    for point in content.manifest.to_confirm:
        yield Task(POINT, point.where, f"{point.what} Ask {point.ask}.")


def _languages(content: Content, config: Config) -> Iterator[Task]:
    for code, language in TRANSLATIONS.items():
        where = f"translations/{code}"
        # Another charity's content may have no translations.
        if not (config.content / where).is_dir():
            continue
        if code not in content.manifest.reviewed:
            yield Task(LANGUAGE, where, f"{language.name}: enter the day in scope.toml, reviewed")
        try:
            left = Counter(message.file for message in untranslated(content, config.content, code))
        except ContentError as error:
            yield from (Task(LANGUAGE, where, str(problem)) for problem in error.problems)
            continue
        for file, count in sorted(left.items()):
            what = f"{language.name}: still in English, {count} in {file}; make translations"
            yield Task(LANGUAGE, where, what)


def _dated(content: Content, config: Config) -> Iterator[Task]:
    """Every task that has a day by which to do it."""
    yield from _advice(content)
    yield _STATEMENT
    for route in content.directory.routes.values():
        yield from _reviews(route, config.hours_days)


def _advice(content: Content) -> Iterator[Task]:
    for topic in content.advice.values():
        for source in topic.sources.values():
            yield Task(DUE, f"advice/{topic.id}.toml", source.title, source.address, source.review_due)


def _reviews(route: Route, hours_days: int) -> Iterator[Task]:
    """A task for each cited source, with the day by which to read it again."""
    due = {source.title: (source, source.review_due) for source in route.cited()}
    for contact in route.contacts:
        # "Open now" may be shown only for ``hours_days`` after the check.
        read = route.sources.get(contact.hours.source)
        if read and contact.hours.open == "limited" and route.confirms(contact, read.checked, hours_days):
            ends = read.checked + timedelta(days=hours_days)
            due[read.title] = (read, min(read.review_due, ends))
    for source, by in due.values():
        yield Task(DUE, _file(route), source.title, source.address or _page(route), by)


def _unconfirmed(route: Route) -> Iterator[Task]:
    for fact in route.facts():
        if fact.confidence != "high":
            page = route.sources[fact.source].address or _page(route)
            yield Task(UNCONFIRMED, _file(route), f"{fact.what} ({fact.confidence})", page)


def _unknown(route: Route) -> Iterator[Task]:
    texts = (
        ("what happens next", route.next),
        ("access for Deaf and speech-impaired people", route.access),
        ("other languages", route.languages),
    )
    for what, text in texts:
        if text == "unknown":
            yield Task(UNKNOWN, _file(route), what, _page(route))
    for contact in route.contacts:
        name = contact.text or contact.label
        if contact.hours.open == "unknown" and contact.kind not in ("web", "email"):
            yield Task(UNKNOWN, _file(route), f"{name}, hours", _page(route))
        if contact.cost == "unknown" and contact.kind in ("phone", "text"):
            yield Task(UNKNOWN, _file(route), f"{name}, cost", _page(route))


def _file(route: Route) -> str:
    return f"routes/{route.id}.toml"


def _page(route: Route) -> str:
    """The service's page to check against: where visitors are sent, or else where its facts were read."""
    own = [contact.address for contact in route.contacts if contact.address.startswith("https://")]
    read = [source.address for source in route.sources.values() if source.address]
    return next(iter(own + read), "")
