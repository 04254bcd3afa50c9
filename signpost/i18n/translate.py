"""Translates the content: reads and checks a catalogue, and replaces the English texts with its translations."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

import babel.messages.catalog
from babel.messages.mofile import read_mo

from signpost.i18n.languages import KNOWN
from signpost.models.content import Content
from signpost.models.errors import ContentError, ContentProblem
from signpost.models.markdown import elements
from signpost.models.text import RunningText, Translatable, Untranslated, numbers_in_order

T = TypeVar("T")

_FIX = "Correct the .po file, then run: make translations"

#: A placeholder or an escaped per cent sign; an HTML tag; the target of a Markdown link; a number; the name of a
#: server, a scheme, or the middle of an e-mail address.
_PLACEHOLDER = re.compile(r"%\([a-z_]+\)s|%%")
_TAG = re.compile(r"<[^>]*>")
_TARGET = re.compile(r"\]\([^)]*\)")
_NUMBER = re.compile(r"\d[\d,.:]*\d|\d")
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*:(?=[\w/])|(?:[\w-]+\.)+[^\W\d_]{2,}|@", re.IGNORECASE)
#: Characters that, outside tags, could begin or end a tag, an attribute or an entity.
_MARKUP = "<>\"'&"
#: Invisible characters: control characters, and those that reverse the order of text, so that 0800 reads 0080.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e]")

#: With this share of untranslated texts or more, a language is rejected: whole pages would be in English.
_MOST_UNTRANSLATED = 0.1


def catalogue_of(folder: Path, code: str, domain: str) -> Path:
    """The path of a language's compiled catalogue, in gettext's layout."""
    return folder / code / "LC_MESSAGES" / f"{domain}.mo"


def name_of(path: Path) -> str:
    """A short path of a catalogue's .po file for messages: "content/translations/cy/LC_MESSAGES/content.po"."""
    return "/".join(path.with_suffix(".po").parts[-5:])


def differences(text: str, other: str, *, plural: bool = False) -> Iterator[str]:
    """What a translation changes besides words, as sentences for a translator. Nothing if it can be used.

    Args:
        text: the English.
        other: the translation.
        plural: whether it is one of several plural forms, which may omit the number ("in a minute").
    """
    if not other.strip():
        yield "It is blank."
    wanted, found = (Counter(_PLACEHOLDER.findall(each)) for each in (text, other))
    if found != wanted and not (plural and found + Counter(["%(num)s"]) == wanted):
        yield f"It should have {' '.join(wanted.elements()) or 'no placeholder'}."
    if _PLACEHOLDER.sub("", text).count("%") != _PLACEHOLDER.sub("", other).count("%"):
        yield "Its per cent signs are not those of the English."
    tags, other_tags = _TAG.findall(text), _TAG.findall(other)
    if Counter(tags) != Counter(other_tags) or _nest(tags) != _nest(other_tags):
        yield "Its tags are not those of the English."
    words, other_words = (_TAG.sub("", each) for each in (text, other))
    if more := [each for each in _MARKUP if other_words.count(each) > words.count(each)]:
        yield f"It has {' '.join(more)} where the English has none. Write “ ” and ’ for quotation marks."
    if _UNSEEN.search(other):
        yield "It has a character that cannot be seen."
    english, own = elements(text), elements(other)
    if any(kind == "link_open" for kind, _ in (english - own) + (own - english)):
        yield "Its links do not lead where those of the English do."
    elif english != own:
        yield "Its paragraphs, lists or strong words are not those of the English."
    if _addresses(text) != _addresses(other):
        yield "Its addresses are not those of the English."
    if _numbers(text) != _numbers(other):
        yield "Its numbers are not those of the English."


def _nest(tags: Iterable[str]) -> bool:
    """Whether the tags are balanced and correctly nested."""
    opened: list[str] = []
    for tag in tags:
        name = tag.strip("</>").partition(" ")[0]
        if not tag.startswith("</"):
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened


def _addresses(text: str) -> Counter[str]:
    """The addresses in the visible text: visitors may type them in, and phones turn them into links."""
    return Counter(_ADDRESS.findall(_TARGET.sub("", text).lower()))


def _numbers(text: str) -> Counter[str]:
    """The numbers in the visible text."""
    for pattern in (_TARGET, _PLACEHOLDER, _TAG):
        text = pattern.sub("", text)
    return Counter(_NUMBER.findall(text))


def read_catalogue(path: Path) -> GNUTranslations:
    """The translations in a compiled catalogue.

    Raises:
        ContentError: the file is missing or not a catalogue, or a translation in it changes more than words.
            Names every problem.
    """
    file = name_of(path)
    try:
        compiled = path.read_bytes()
        catalogue = GNUTranslations(BytesIO(compiled))
        entries = [message for message in read_mo(BytesIO(compiled)) if message.id]
    except OSError as error:
        raise ContentError(
            [ContentProblem(file, "", f"Its .mo cannot be read: {error.strerror or error}.", _FIX)]
        ) from None
    except (ValueError, LookupError, struct.error):  # including an unknown encoding or plural rule
        raise ContentError([ContentProblem(file, "", "Its .mo is no catalogue.", _FIX)]) from None
    problems = []
    for message in entries:
        ids = [message.id] if isinstance(message.id, str) else message.id
        forms = [message.string] if isinstance(message.string, str) else message.string
        # Babel returns the context as bytes here.
        place = (message.context or b"").decode() if isinstance(message.context, bytes) else ids[0]
        for form in forms or ():
            for problem in differences(ids[-1], str(form), plural=len(ids) > 1):
                problems.append(ContentProblem(file, place, problem, _FIX))
        if not _is_what_is_shown(message, catalogue):
            problems.append(ContentProblem(file, place, "Its .mo has it more than once.", _FIX))
    if problems:
        raise ContentError(problems)
    return catalogue


def _is_what_is_shown(message: babel.messages.catalog.Message, catalogue: GNUTranslations) -> bool:
    """Whether gettext finds the same message as Babel. They differ if a catalogue has two with the same English."""
    # Babel returns the context as bytes here.
    context: Any = message.context
    ids, forms = message.id, message.string
    if isinstance(ids, str):
        shown = catalogue.pgettext(context.decode(), ids) if context else catalogue.gettext(ids)
        return shown == forms
    one, many = ids
    counts = range(200)
    if context:
        return {catalogue.npgettext(context.decode(), one, many, count) for count in counts} <= set(
            forms or ()
        )
    return {catalogue.ngettext(one, many, count) for count in counts} <= set(forms or ())


class _Nothing(NullTranslations):
    """A fallback that returns "" where a catalogue has no translation."""

    def pgettext(self, context: str, message: str) -> str:
        return ""


def _content_catalogue(folder: Path, code: str) -> GNUTranslations:
    """The catalogue of the content. It returns "" for texts that have no translation."""
    catalogue = read_catalogue(catalogue_of(folder / "translations", code, "content"))
    catalogue.add_fallback(_Nothing())
    return catalogue


def _left(texts: Iterable[Message], catalogue: GNUTranslations) -> list[Message]:
    return [each for each in texts if not catalogue.pgettext(each.place, each.text)]


def untranslated(content: Content, folder: Path, code: str) -> list[Message]:
    """The texts of the content that have no usable translation: new, changed, or fuzzy.

    Raises:
        ContentError: the catalogue cannot be used.
    """
    return _left(extract_messages(content), _content_catalogue(folder, code))


def translated(content: Content, folder: Path, code: str, *, draft: bool = False) -> Content:
    """The content in another language. A text that is not translated yet stays English, and is marked so.

    Args:
        content: the English content.
        folder: the content folder, with the catalogues in ``translations``.
        code: the language.
        draft: for a translator who has just begun, so any share of the texts may be missing.

    Raises:
        ContentError: the catalogue cannot be used; or it is no draft, and a tenth or more of the texts is missing.
    """
    catalogue, texts = _content_catalogue(folder, code), extract_messages(content)
    left = _left(texts, catalogue)
    if not draft and len(left) >= len(texts) * _MOST_UNTRANSLATED:
        file = name_of(catalogue_of(folder / "translations", code, "content"))
        problem = f"{len(left)} of {len(texts)} texts are not translated."
        fix = f"Translate them, or take “{code}” out of SIGNPOST_LANGUAGES."
        raise ContentError([ContentProblem(file, "", problem, fix)])
    arranged = numbers_in_order if KNOWN[code].rtl else str

    def change(place: str, text: str, _: bool) -> str:
        translation = catalogue.pgettext(place, text)
        return arranged(translation) if translation else Untranslated(text)

    return map_text(content, change)


#: Values that mean "not known": never translated, because the templates show their own text instead.
_NO_WORDS = ("", "unknown", "no date")

#: A function (place, text, running) that returns the replacement. The place is the file, entry and field of the
#: text; ``running`` says whether its links and bold words are rendered.
TextFunction = Callable[[str, str, bool], str]


@dataclass(frozen=True, slots=True)
class Message:
    """A text that visitors read, and its place: the content file, the entry and the field.

    ``running`` says whether its links and bold words are rendered.
    """

    place: str
    text: str
    running: bool = False

    @property
    def file(self) -> str:
        """The content file."""
        return self.place.partition(",")[0]


def extract_messages(content: Content) -> list[Message]:
    """Every text of the content that visitors read, each with a unique place."""
    found: list[Message] = []

    def note(place: str, text: str, running: bool) -> str:
        found.append(Message(place, text, running))
        return text

    map_text(content, note)
    return found


def map_text(content: Content, change: TextFunction) -> Content:
    """A copy of the content, with each text replaced by what ``change`` returns for it."""
    journey, directory = content.journey, content.directory

    def every(of: dict[str, T], place: Callable[[Any], str]) -> dict[str, T]:
        return {id_: _map_value(each, None, place(each), change) for id_, each in of.items()}

    def table(file: str) -> Callable[[Any], str]:
        return lambda each: f"{file}, {each.id}"

    return replace(
        content,
        journey=replace(
            journey,
            questions=every(journey.questions, table("questions.toml")),
            results=every(journey.results, lambda each: f"{each.file}, {each.id}"),
            notices=every(journey.notices, table("notices.toml")),
            entries=every(journey.entries, table("entries.toml")),
        ),
        directory=replace(
            directory,
            routes=every(directory.routes, lambda each: f"routes/{each.id}.toml"),
            groups=tuple(
                _map_value(each, None, f"help.toml, {each.id}", change) for each in directory.groups
            ),
        ),
        emergency=_map_value(content.emergency, None, "emergency.toml", change),
        advice=every(content.advice, lambda each: f"advice/{each.id}.toml"),
    )


@cache
def _has_text(kind: Any) -> bool:
    """Whether values that are declared as this type can hold texts."""
    if kind in (Translatable, RunningText):
        return True
    if isinstance(kind, type) and is_dataclass(kind):
        return bool(_text_fields(kind))
    return any(map(_has_text, get_args(kind)))


@cache
def _text_fields(kind: type) -> dict[str, Any]:
    """The fields of a dataclass that can hold texts, with their types. Most cannot, and need not be looked at."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: hints[field.name] for field in fields(kind) if _has_text(hints[field.name])}


def _map_value(value: Any, kind: Any, place: str, change: TextFunction) -> Any:
    """A value of the content, declared as type ``kind``, with each text in it replaced."""
    if kind in (Translatable, RunningText):
        return value if value in _NO_WORDS else change(place, value, kind == RunningText)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            name: _map_value(getattr(value, name), hint, f"{place}, {name}", change)
            for name, hint in _text_fields(type(value)).items()
        }
        return replace(value, **changed) if changed else value
    if isinstance(value, dict):
        inner = get_args(kind)[1]
        return {key: _map_value(each, inner, f"{place} {key}", change) for key, each in value.items()}
    if isinstance(value, tuple):
        inner = get_args(kind)[0]
        named = zip(_names(value), value, strict=True)
        return tuple(_map_value(each, inner, f"{place} {name}", change) for name, each in named)
    return value


def _names(many: tuple[Any, ...]) -> Iterator[str]:
    """A stable name for each list item: its code or id if it has one, so that inserting one renames no other."""
    seen: dict[str, int] = {}
    for number, each in enumerate(many, 1):
        known = next((name for key in ("code", "route", "notice") if (name := getattr(each, key, ""))), "")
        seen[known] = seen.get(known, 0) + 1
        if not known:
            yield str(number)
        else:
            yield known if seen[known] == 1 else f"{known} {seen[known]}"
