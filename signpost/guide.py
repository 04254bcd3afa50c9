"""The guide: everything an editor wrote, read and checked as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from signpost.addresses import pages
from signpost.advice import Advice, load_advice
from signpost.directory import Contact, Directory, Role, Route, load_directory
from signpost.emergency import Emergency, load_emergency
from signpost.faults import ContentError, Fault
from signpost.graph import graph_faults
from signpost.journey import Journey, Shown, Walk, load_journey, shown
from signpost.loading import perhaps, read_file
from signpost.prose import broken
from signpost.scope import load_scope

#: The content that comes with the project.
OWN_CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True, slots=True)
class Guide:
    """The journey, the directory it leads to, the emergency block and the advice.

    ``moved`` has the address of each page that is gone, and the page it leads to.
    """

    journey: Journey
    directory: Directory
    emergency: Emergency
    advice: dict[str, Advice]
    moved: dict[str, str]

    def routes(self, walk: Walk) -> tuple[Route, ...]:
        """The routes that a finished walk shows, in order."""
        return tuple(step.route for step in self.steps(walk) if step.route)

    def steps(self, walk: Walk) -> tuple[Shown, ...]:
        """What a finished walk shows, in order."""
        assert walk.result is not None
        return shown(walk.result.steps, walk.situation, self.journey, self.directory)

    def talk_line(self, walk: Walk) -> tuple[Route, Contact] | None:
        """The line to talk to that a finished walk shows first: ``when_shut`` is for when that one is shut."""
        for route in (each.route for each in self.steps(walk) if each.route):
            for contact in route.talk_lines(walk.situation.abroad):
                return route, contact
        return None

    def after(self, walk: Walk) -> tuple[Shown, ...]:
        """What a finished walk shows for after the emergency call."""
        assert walk.result is not None
        return shown(walk.result.after, walk.situation, self.journey, self.directory)

    def despair(self, walk: Walk) -> tuple[Route, ...]:
        """The routes for when it all feels too much that fit this visitor and are not on the result already.

        Of lines that serve one nation each, only that of the visitor's own: where it is not known, none.
        """
        if walk.result is None or not walk.result.despair or walk.situation.abroad:
            return ()
        there = {each.route.id for each in self.steps(walk) if each.route}
        names = self.emergency.despair_young if walk.situation.young else self.emergency.despair
        fitting = [self.directory.fitting(n, walk.situation.nation, walk.situation.ages) for n in names]
        return tuple(routes[0] for routes in fitting if len(routes) == 1 and routes[0].id not in there)


@dataclass(frozen=True, slots=True)
class _Moved:
    pages: dict[str, str]


def load_guide(folder: Path = OWN_CONTENT) -> Guide:
    """Read a content folder and check that its parts fit together.

    Whether its paths obey the rules is for ``rules.broken_rules`` to say.

    Raises:
        ContentError: something in it is broken. Names every fault, not only the first.
    """
    faults: list[Fault] = []
    directory = load_directory(folder, load_scope(folder, faults), faults)
    journey = load_journey(folder, faults)
    emergency = load_emergency(folder, faults)
    # Another charity's content may have none, and then no folder for it.
    wanted = (folder / "advice").exists() or any(each.advice for each in journey.results.values())
    advice = load_advice(folder, faults) if wanted else {}
    moved = read_file(folder, "moved.toml", _Moved, faults)
    if faults or emergency is None or moved is None:
        raise ContentError(faults)
    guide = Guide(journey, directory, emergency, advice, moved.pages)
    faults = [*_references(guide), *graph_faults(journey)]
    # A poster is checked against what its entry tells, so the entries must hold together first.
    faults += [*_moved(guide), *([] if faults else _posters(guide))]
    if faults:
        raise ContentError(faults)
    return guide


def _references(guide: Guide) -> Iterator[Fault]:
    """Everything that one file says of another and that is not there: routes, notices, advice, links."""
    for result in guide.journey.results.values():
        for step in (*result.steps, *result.after):
            if bool(step.route) == bool(step.notice):
                yield Fault(
                    result.file, result.id, "A step names both a route and a notice, or neither.", "Name one."
                )
            if step.route and not guide.directory.named(step.route):
                problem = f"There is no route “{step.route}”.{perhaps(step.route, guide.directory.routes)}"
                yield Fault(result.file, result.id, problem, "Correct the id, or add the route.")
            if step.route and not step.why:
                yield Fault(
                    result.file, result.id, f"The route “{step.route}” has no reason.", 'Add why = "...".'
                )
            if step.notice and step.notice not in guide.journey.notices:
                yield Fault(result.file, result.id, f"There is no notice “{step.notice}”.", "Correct the id.")
        for topic in result.advice:
            if topic not in guide.advice:
                yield Fault(result.file, result.id, f"There is no advice “{topic}”.", "Correct the id.")
    yield from _essentials(guide)
    emergency = guide.emergency
    for name in (*emergency.despair, *emergency.despair_young):
        if not guide.directory.named(name):
            yield Fault("emergency.toml", "despair", f"There is no route “{name}”.", "Correct the id.")
    for file, entry, text in texts(guide):
        for problem in broken(text, guide.directory, guide.advice):
            yield Fault(file, entry, problem, "Correct the link.")


#: What the failure pages must reach, whatever else they show: a role, and the rule it is there for.
_ESSENTIAL: dict[Role, int] = {"emergency": 1, "police": 2, "children": 12, "prevention": 7, "despair": 11}


def _essentials(guide: Guide) -> Iterator[Fault]:
    """What is wrong with the numbers that every failure page shows."""
    file, shown_roles = "emergency.toml", set[Role]()
    for each in guide.emergency.essentials:
        route = guide.directory.routes.get(each.route)
        if route is None:
            yield Fault(file, "essentials", f"There is no route “{each.route}”.", "Correct the id.")
        elif not route.contacts[0].number:
            yield Fault(
                file, "essentials", f"The first contact of “{route.id}” has no number.", "Choose another."
            )
        else:
            shown_roles.update(route.roles)
    for role, rule in _ESSENTIAL.items():
        if role not in shown_roles and rule in guide.directory.scope.rules:
            yield Fault(file, "essentials", f"No route there has the role “{role}”.", "Put one back.")


def _moved(guide: Guide) -> Iterator[Fault]:
    """What is wrong with the pages that are gone: each leads on to a page that is there, in one step."""
    there = set(pages(guide))
    for old, new in guide.moved.items():
        if not old.startswith(("/help/", "/advice/", "/for/")) or old.endswith("/"):
            yield Fault(
                "moved.toml", old, "It was never a page.", 'Write it whole, such as "/help/old-name".'
            )
        if old in there:
            yield Fault("moved.toml", old, "This page is there.", "Take the line out.")
        if new not in there:
            yield Fault("moved.toml", old, f"“{new}” is not a page.", "Lead it to one that is there.")


def _posters(guide: Guide) -> Iterator[Fault]:
    """What is wrong with the posters: print cannot be mended, so nothing on it is unsure or wrong for somebody."""
    for entry in guide.journey.entries.values():
        for id_ in entry.poster.routes if entry.poster else ():
            route = guide.directory.routes.get(id_)
            if route is None:
                problem, mend = f"There is no route “{id_}”.", "Correct the id."
            elif not route.ages.cover(guide.journey.known(entry).ages):
                problem, mend = f"“{id_}” is not for people of that age.", "Choose another route."
            elif not set(guide.directory.scope.nations) <= set(route.nations):
                problem, mend = f"“{id_}” does not serve every nation.", "Choose another route."
            elif route.contacts[0].confidence != "high":
                problem, mend = f"The first contact of “{id_}” is not confirmed.", "Choose another route."
            else:
                continue
            yield Fault("entries.toml", f"{entry.id}, poster", problem, mend)


def texts(guide: Guide) -> Iterator[tuple[str, str, str]]:
    """Every running text of the content, with the file and entry it stands in."""
    for result in guide.journey.results.values():
        yield result.file, result.id, result.lead
        yield result.file, result.id, result.when_shut
    for notice in guide.journey.notices.values():
        yield "notices.toml", notice.id, notice.body
        yield "notices.toml", notice.id, notice.more
    for topic in guide.advice.values():
        yield f"advice/{topic.id}.toml", "body", topic.body
    emergency = guide.emergency
    yield "emergency.toml", "ways", emergency.ways
    yield "emergency.toml", "more", emergency.more
    yield "emergency.toml", "abroad_ways", emergency.abroad_ways
    yield "emergency.toml", "despair_words", emergency.despair_words
    yield "emergency.toml", "despair_abroad", emergency.despair_abroad
