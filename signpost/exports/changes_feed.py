"""What has changed, as an Atom feed (RFC 4287): for those who keep a copy of the directory or of the journey.

It tells what ``changes.toml`` has recorded and, without a day of its own, what it has not recorded yet: so the feed never
says that all is as it was when it is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from gettext import NullTranslations

from markupsafe import Markup

from signpost.exports.open_data import LICENCE, instant, service_id
from signpost.exports.taxonomies import identifier
from signpost.i18n.fallback import without_marks
from signpost.i18n.locales import Locale
from signpost.models.changes import Change, Part
from signpost.models.content import Content
from signpost.models.urls import CHANGES, OPEN_DATA

_RIGHTS = f"MIT License, {LICENCE}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A change, of the service with an id or, if that is "", of the journey."""

    id: str
    name: str
    change: Change
    recorded: bool


def changes_feed(locale: Locale, unrecorded: dict[str, Change], base_url: str, author: str) -> str:
    """The feed in one language.

    Args:
        locale: the language.
        unrecorded: what the record of changes lacks (``models.recording.unrecorded``).
        base_url: the address of the site, without a slash at its end.
        author: who runs the site.
    """
    return _Feed(locale, base_url).whole(unrecorded, author)


class _Feed:
    """Writes the feed in one language."""

    def __init__(self, locale: Locale, base_url: str) -> None:
        self.locale, self.base_url = locale, base_url
        self.content: Content = locale.content
        self.site = base_url + locale.language.root
        self.say: NullTranslations = locale.marked.translations
        self.parts = _part_names(self.say)

    def whole(self, unrecorded: dict[str, Change], author: str) -> str:
        say, record = self.say, self.content.changes
        entries = sorted(self._entries(unrecorded), key=lambda each: (each.change.day, not each.recorded))
        # A service that changed back and forth can have two changes with one id: only the newer is an entry.
        newest: dict[str, _Entry] = {}
        for each in reversed(entries):
            newest.setdefault(self._id(each), each)
        days = [each.change.day for each in entries] or [record.begun or self.content.last_checked]
        return "\n".join(
            [
                '<?xml version="1.0" encoding="utf-8"?>',
                Markup('<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{}">').format(
                    self.locale.language.tag
                ),
                self._text("id", self.site + CHANGES),
                self._text("title", say.gettext("What has changed in this directory of help")),
                self._text("subtitle", self._about(record.begun)),
                self._text("updated", instant(max(days))),
                Markup("<author>{}</author>").format(self._text("name", author)),
                self._text("rights", _RIGHTS),
                self._link("license", LICENCE),
                self._link("self", self.site + CHANGES, "application/atom+xml"),
                self._link("alternate", f"{self.site}/partners", "text/html"),
                self._link("related", self.base_url + OPEN_DATA, "application/json"),
                *(self._entry(each) for each in newest.values()),
                "</feed>\n",
            ]
        )

    def _entries(self, unrecorded: dict[str, Change]) -> Iterator[_Entry]:
        record = self.content.changes
        for id_, recorded in (("", record.journey), *record.services.items()):
            for change in recorded.changes:
                yield _Entry(id_, self._name(id_), change, recorded=True)
        for id_, change in unrecorded.items():
            yield _Entry(id_, self._name(id_), change, recorded=False)

    def _name(self, id_: str) -> str:
        """The name of a service; of one that has left, its last. Of the journey, if the id is ""."""
        if not id_:
            return self.say.gettext("The questions and results")
        route = self.content.directory.routes.get(id_)
        return route.name if route else self.content.changes.services[id_].name

    def _about(self, begun: date | None) -> str:
        if begun is None:
            return self.say.gettext("This copy of the site keeps no record of changes.")
        return self.say.gettext(
            "Each entry is a change to what we say of a service, or to the questions and results, with the day on which it was recorded."
            " To check a fact again is not a change."
        )

    def _entry(self, entry: _Entry) -> Markup:
        change = entry.change
        return Markup("\n").join(
            [
                Markup("<entry>"),
                self._text("id", self._id(entry)),
                self._text("title", self._title(entry)),
                self._text("updated", instant(change.day)),
                *self._links(entry),
                self._category("kind", change.kind),
                *(self._category("part", part, self.parts[part]) for part in change.parts),
                self._text("content", self._words(entry)),
                Markup("</entry>"),
            ]
        )

    def _id(self, entry: _Entry) -> str:
        """The identifier of a change. It stays the same once the change is recorded, and on a site that moves."""
        change, language = entry.change, self.locale.language
        return f"urn:uuid:{identifier('change', entry.id, change.was, change.now, language.code)}"

    def _links(self, entry: _Entry) -> Iterator[Markup]:
        if not entry.id:
            yield self._link("alternate", f"{self.site}/journey", "text/html")
            return
        here = f"/help/{entry.id}"
        there = here if entry.id in self.content.directory.routes else self.content.moved.get(here, "/help/")
        yield self._link("alternate", self.site + there, "text/html")

    def _title(self, entry: _Entry) -> str:
        say, values = self.say, {"name": entry.name}
        match entry.change.kind:
            case "added":
                return say.gettext("%(name)s: added") % values
            case "left":
                return say.gettext("%(name)s: no longer listed") % values
        return say.gettext("%(name)s: changed (%(parts)s)") % (values | {"parts": self._parts(entry)})

    def _parts(self, entry: _Entry) -> str:
        return ", ".join(self.parts[part] for part in entry.change.parts)

    def _words(self, entry: _Entry) -> str:
        say = self.say
        match entry.change.kind:
            case "added":
                words = [say.gettext("We list this service now.")]
            case "left":
                words = [say.gettext("We no longer list this service.")]
                if f"/help/{entry.id}" in self.content.moved:
                    words.append(say.gettext("Its address leads to the nearest page that we have."))
            case _:
                words = [say.gettext("We changed what we say of: %(parts)s.") % {"parts": self._parts(entry)}]
        if not entry.recorded:
            words.append(say.gettext("We do not know the day of this change yet."))
        if (route := self.content.directory.routes.get(entry.id)) is not None:
            words.append(say.gettext("Its id in our data: %(id)s.") % {"id": service_id(route)})
        return " ".join(words)

    def _category(self, scheme: str, term: str, label: str = "") -> Markup:
        scheme = f"{self.base_url}{CHANGES}#{scheme}"
        named = Markup(' label="{}"').format(without_marks(label)) if label else ""
        return Markup('<category scheme="{}" term="{}"{}/>').format(scheme, term, named)

    def _link(self, rel: str, href: str, kind: str = "") -> Markup:
        typed = Markup(' type="{}"').format(kind) if kind else ""
        return Markup('<link rel="{}" href="{}"{}/>').format(rel, href, typed)

    def _text(self, name: str, text: str) -> Markup:
        """An element. One that is not translated, at least in part, says that it is in English."""
        plain = without_marks(text)
        language = Markup(' xml:lang="en-GB"') if plain != text else ""
        return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), language, plain)  # noqa: S704 (our own names)


def _part_names(say: NullTranslations) -> dict[Part, str]:
    """Each part of a service and of the journey, in words."""
    return {
        "name": say.pgettext("what changed", "name"),
        "summary": say.pgettext("what changed", "what it is, in short"),
        "who": say.pgettext("what changed", "whom it is for"),
        "numbers": say.pgettext("what changed", "phone and text numbers"),
        "online": say.pgettext("what changed", "web and email addresses, and other ways"),
        "hours": say.pgettext("what changed", "opening hours"),
        "cost": say.pgettext("what changed", "cost"),
        "privacy": say.pgettext("what changed", "names and privacy"),
        "children": say.pgettext("what changed", "what children should know"),
        "next": say.pgettext("what changed", "what happens next"),
        "access": say.pgettext("what changed", "access"),
        "languages": say.pgettext("what changed", "languages"),
        "questions": say.pgettext("what changed", "questions and answers"),
        "results": say.pgettext("what changed", "results"),
        "notices": say.pgettext("what changed", "notices"),
        "emergency": say.pgettext("what changed", "what to do in danger"),
        "advice": say.pgettext("what changed", "advice pages"),
        "entries": say.pgettext("what changed", "links and posters for charities"),
    }
