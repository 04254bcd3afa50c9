"""Checks that everything the content refers to exists, and that its values are allowed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from signpost.checks.graph import graph_problems
from signpost.checks.markup import markup_problems
from signpost.i18n.hours_text import HoursFormatter
from signpost.i18n.languages import TRANSLATIONS
from signpost.models.content import Content, Manifest
from signpost.models.directory import (
    CARD_WORDS,
    CHILD_WORDS,
    NAME_WORDS,
    Contact,
    Directory,
    Role,
    Route,
    Source,
)
from signpost.models.errors import ContentError, ContentProblem
from signpost.models.hours import Hours, overlaps
from signpost.models.markdown import PAGES, links
from signpost.models.toml import did_you_mean
from signpost.models.urls import listed_pages


def check_references(content: Content) -> None:
    """Checks that the parts of the content fit together.

    Raises:
        ContentError: something that is referred to does not exist, a value is not allowed, or the journey is
            not a sound graph. Names every problem.
    """
    problems = [
        *_manifest(content.manifest),
        *directory_problems(content.directory),
        *_references(content),
        *graph_problems(content.journey),
        *_moved(content),
        *markup_problems(content),
    ]
    # Posters depend on their entries, so check them only once the entries are sound.
    problems = problems or list(_posters(content))
    if problems:
        raise ContentError(problems)


def _manifest(manifest: Manifest) -> Iterator[ContentProblem]:
    if not manifest.nations:
        yield ContentProblem("scope.toml", "nations", "The list is empty.", "Name at least one nation.")
    for code in manifest.reviewed:
        if code not in TRANSLATIONS:
            fix = f"Write one of {', '.join(TRANSLATIONS)}."
            yield ContentProblem("scope.toml", "reviewed", f"“{code}” is no translation.", fix)


def directory_problems(directory: Directory) -> Iterator[ContentProblem]:
    """Problems of routes and contacts: empty fields, missing sources, routes that the help list leaves out."""
    grouped: set[str] = set()
    for group in directory.groups:
        grouped.update(group.routes)
        for id_ in group.routes:
            if id_ not in directory.routes:
                yield ContentProblem(
                    "help.toml", group.id, f"There is no route “{id_}”.", "Correct the id, or take it out."
                )
    for route in directory.routes.values():
        yield from _check_route(route)
        if route.id not in grouped:
            yield ContentProblem(
                "help.toml", "groups", f"The route “{route.id}” stands in no group.", "Add it to one."
            )


def _check_route(route: Route) -> Iterator[ContentProblem]:
    file = f"routes/{route.id}.toml"
    for what, text in (("name", route.name), ("summary", route.summary), ("who", route.who)):
        if not text.strip():
            yield ContentProblem(file, what, "It is empty.", "Write it.")
    if not route.nations:
        yield ContentProblem(
            file, "nations", "The list is empty.", "Name at least one nation the route serves."
        )
    if route.ages.youngest > route.ages.oldest:
        yield ContentProblem(file, "ages", "The youngest is older than the oldest.", "Swap them.")
    if not route.contacts:
        yield ContentProblem(
            file, "contacts", "There is no contact.", "Add at least one way to reach the route."
        )
    for what, text in (("next", route.next), ("access", route.access), ("languages", route.languages)):
        if not text.strip():
            yield ContentProblem(file, what, "It is empty.", "Write what is known, or “unknown”.")
    yield from _check_lengths(route, file)
    for fact in route.facts():
        if fact.source not in route.sources:
            problem = f"Its source “{fact.source}” is not in this file."
            yield ContentProblem(file, fact.where, problem, "Add a [sources] table of that name.")
    yield from _check_sources(route.sources, file)
    for n, contact in enumerate(route.contacts, 1):
        yield from _check_contact(contact, file, f"contact {n}")
        yield from _check_hours(contact.hours, file, f"contact {n}, hours")


def _check_lengths(route: Route, file: str) -> Iterator[ContentProblem]:
    """Checks that the texts for the single line of a card exist and are short enough."""
    child = route.children
    if child and not child.in_short.strip():
        fix = f"Say in at most {CHILD_WORDS} words whether it stays private."
        yield ContentProblem(file, "children, in_short", "It is empty.", fix)
    for where, text, most in (
        ("privacy, in_short", route.privacy.in_short, NAME_WORDS),
        ("children, in_short", child.in_short if child else "", CHILD_WORDS),
        ("card_line", route.card_line, CARD_WORDS),
    ):
        words = len(text.split())
        if words > most:
            problem = f"It has {words} words, and the line on a result has room for {most}."
            yield ContentProblem(file, where, problem, "Shorten it; the rest belongs in the longer text.")


def _check_contact(contact: Contact, file: str, where: str) -> Iterator[ContentProblem]:
    for code in contact.languages:
        if code not in TRANSLATIONS:
            fix = f"Write one of {', '.join(TRANSLATIONS)}."
            yield ContentProblem(file, where, f"languages has “{code}”, in which the site is not.", fix)
    needed = {"phone": "number", "text": "number", "in-person": "label"}.get(contact.kind, "address")
    if not getattr(contact, needed):
        yield ContentProblem(
            file, where, f"A contact of kind “{contact.kind}” needs “{needed}”.", f'Add {needed} = "...".'
        )
    if contact.kind == "email" and not _EMAIL.fullmatch(contact.address):
        yield ContentProblem(file, where, f"“{contact.address}” is not an e-mail address.", "Correct it.")
    if needed == "address" and contact.kind != "email" and not _WEB.fullmatch(contact.address):
        yield ContentProblem(
            file,
            where,
            f"“{contact.address}” is not a web address.",
            "Write it whole, with https:// in front.",
        )


def _check_sources(sources: Mapping[str, Source], file: str) -> Iterator[ContentProblem]:
    """Checks that the address of a source is one: it is a link on a page, so “javascript:” would be a script."""
    for name, source in sources.items():
        if source.address and not _WEB_OR_OLD.fullmatch(source.address):
            problem = f"“{source.address}” is not a web address."
            yield ContentProblem(file, f"sources.{name}", problem, "Write it whole, with https:// in front.")


_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
#: Contacts need https. Sources may be old pages without it, because visitors are not sent there.
_WEB = re.compile(r"https://[^\s/.]+(\.[^\s/.]+)+(/\S*)?")
_WEB_OR_OLD = re.compile(_WEB.pattern.replace("https", "https?", 1))


def _check_hours(hours: Hours, file: str, where: str) -> Iterator[ContentProblem]:
    if hours.open == "limited" and not hours.spans:
        fix = 'Add spans = ["mon-fri 09:00-17:00"] to hours.'
        yield ContentProblem(file, where, "Its hours are limited but not given.", fix)
    if hours.open != "limited" and (hours.spans or hours.bank_holidays):
        fix = 'Write open = "limited", or take the spans and bank holidays out.'
        yield ContentProblem(file, where, f"It is “{hours.open}” and has hours of its own.", fix)
    if hours.open != "unknown" and hours.days:
        fix = "“days” is for hours that are not known: write spans instead."
        yield ContentProblem(file, where, f"It is “{hours.open}” and gives only days.", fix)
    if overlaps(hours.spans):
        spans = ", ".join(f"“{HoursFormatter().span(span)}”" for span in hours.spans)
        yield ContentProblem(file, where, f"Its spans overlap: {spans}.", "Correct or join them.")
    if hours.begins and hours.ends and hours.begins > hours.ends:
        yield ContentProblem(file, where, "It ends before it begins.", "Swap the dates, or correct one.")


def _references(content: Content) -> Iterator[ContentProblem]:
    """Checks that what one file refers to in another exists: routes, notices, advice, links."""
    for result in content.journey.results.values():
        for step in (*result.steps, *result.after):
            if bool(step.route) == bool(step.notice):
                yield ContentProblem(
                    result.file, result.id, "A step names both a route and a notice, or neither.", "Name one."
                )
            if step.route and not content.directory.named(step.route):
                problem = (
                    f"There is no route “{step.route}”.{did_you_mean(step.route, content.directory.routes)}"
                )
                yield ContentProblem(result.file, result.id, problem, "Correct the id, or add the route.")
            if step.route and not step.why:
                yield ContentProblem(
                    result.file, result.id, f"The route “{step.route}” has no reason.", 'Add why = "...".'
                )
            if step.notice and step.notice not in content.journey.notices:
                yield ContentProblem(
                    result.file, result.id, f"There is no notice “{step.notice}”.", "Correct the id."
                )
        for topic in result.advice:
            if topic not in content.advice:
                yield ContentProblem(
                    result.file, result.id, f"There is no advice “{topic}”.", "Correct the id."
                )
    for advice in content.advice.values():
        yield from _check_sources(advice.sources, f"advice/{advice.id}.toml")
    yield from _essentials(content)
    emergency = content.emergency
    for name in (*emergency.crisis, *emergency.crisis_young):
        if not content.directory.named(name):
            yield ContentProblem(
                "emergency.toml", "crisis", f"There is no route “{name}”.", "Correct the id."
            )
    for file, entry, text in content.running_texts():
        for problem in broken_links(text, content.directory, content.advice):
            yield ContentProblem(file, entry, problem, "Correct the link.")


#: The roles that error pages must include, and the rule that requires each, unless that rule is off.
_ESSENTIAL: dict[Role, str] = {
    "emergency": "emergency-first",
    "police": "reachable-now",
    "children": "for-a-child",
    "prevention": "own-worry-first",
    "crisis": "crisis-help",
}


def _essentials(content: Content) -> Iterator[ContentProblem]:
    """Checks the numbers that every error page shows."""
    file, shown_roles = "emergency.toml", set[Role]()
    for each in content.emergency.essentials:
        route = content.directory.routes.get(each.route)
        if route is None:
            yield ContentProblem(file, "essentials", f"There is no route “{each.route}”.", "Correct the id.")
        elif not route.primary_contact.number:
            yield ContentProblem(
                file, "essentials", f"The primary contact of “{route.id}” has no number.", "Choose another."
            )
        else:
            shown_roles.update(route.roles)
    for role, rule in _ESSENTIAL.items():
        if role not in shown_roles and rule not in content.manifest.rules_off:
            yield ContentProblem(
                file, "essentials", f"No route there has the role “{role}”.", "Put one back."
            )


def _moved(content: Content) -> Iterator[ContentProblem]:
    """Checks that each former page leads, in one redirect, to a page that exists."""
    existing = set(listed_pages(content))
    for old, new in content.moved.items():
        if not old.startswith(("/help/", "/advice/", "/for/")) or old.endswith("/"):
            yield ContentProblem(
                "moved.toml", old, "This was never a page.", 'Write it whole, such as "/help/old-name".'
            )
        if old in existing:
            yield ContentProblem("moved.toml", old, "This page exists.", "Take the line out.")
        if new not in existing:
            yield ContentProblem("moved.toml", old, f"“{new}” is not a page.", "Name a page that exists.")


def _posters(content: Content) -> Iterator[ContentProblem]:
    """Checks that posters show only confirmed numbers for their readers: print cannot be corrected."""
    for entry in content.journey.entries.values():
        for id_ in entry.poster.routes if entry.poster else ():
            route = content.directory.routes.get(id_)
            if route is None:
                problem, fix = f"There is no route “{id_}”.", "Correct the id."
            elif not route.ages.cover(content.journey.known(entry).ages):
                problem, fix = f"“{id_}” is not for people of that age.", "Choose another route."
            elif not set(content.manifest.nations) <= set(route.nations):
                problem, fix = f"“{id_}” does not serve every nation.", "Choose another route."
            elif route.primary_contact.confidence != "high":
                problem, fix = f"The primary contact of “{id_}” is not confirmed.", "Choose another route."
            else:
                continue
            yield ContentProblem("entries.toml", f"{entry.id}, poster", problem, fix)


def broken_links(text: str, directory: Directory, advice: Collection[str]) -> Iterator[str]:
    """Describes what is wrong with each broken link of a text, one sentence each."""
    for link in links(text):
        match link.scheme:
            case "route" | "call" if link.target not in directory.routes:
                yield f"A link names the route “{link.target}”, which does not exist."
            case "call" if not directory.routes[link.target].primary_contact.number:
                yield f"A link is to call “{link.target}”, whose primary contact has no number."
            case "advice" if link.target not in advice:
                yield f"A link names the advice “{link.target}”, which does not exist."
            case "page" if link.target not in PAGES:
                yield f"A link names the page “{link.target}”; it may name {' or '.join(PAGES)}."
            case "check" if link.target:
                yield f"A link leads to “check:{link.target}”; it may lead to “check:” alone."
            case "https" if not link.target.startswith("//"):
                yield f"A link leads to “https:{link.target}”, which is no address."
            case "tel" if not link.target.isdigit():
                yield f"A link is to call “{link.target}”, which is no number."
            case "sms" if not re.fullmatch(r"\d+(\?&body=\w+)?", link.target):
                yield f"A link is to text “{link.target}”; write “sms:999?&body=word”."
            case scheme if scheme not in ("route", "advice", "page", "check", "call", "https", "tel", "sms"):
                yield f"A link begins with “{scheme}:”, which is not known here."
