"""The content in another language: its catalogue read, checked, and laid over the English."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import read_mo

from signpost.faults import ContentError, Fault
from signpost.guide import Guide
from signpost.prose import links
from signpost.words import Message, changed, messages

_MEND = "Mend the .po file, then make translations."

#: What the program fills in, a per cent sign that it prints, and tags.
_PLACEHOLDER = re.compile(r"%\([a-z_]+\)s|%%")
_TAG = re.compile(r"<[^>]*>")
_TARGET = re.compile(r"\]\([^)]*\)")
_NUMBER = re.compile(r"\d[\d,.:]*\d|\d")

#: From this share on, whole pages would be English, read out in another language’s voice.
_MOST_UNTRANSLATED = 0.1


def catalogue_of(folder: Path, code: str, domain: str) -> Path:
    """Where gettext keeps the compiled words of a language."""
    return folder / code / "LC_MESSAGES" / f"{domain}.mo"


def name_of(path: Path) -> str:
    """A catalogue as people name it: "content/translations/cy/LC_MESSAGES/content.po"."""
    return "/".join(path.with_suffix(".po").parts[-5:])


def differences(text: str, other: str, *, plural: bool = False) -> Iterator[str]:
    """What a translation changes beside words, as sentences; nothing where it may stand for the English.

    Args:
        text: the English.
        other: the translation.
        plural: whether it is one of several plural forms, which may leave the number out ("in a minute").
    """
    if not other.strip():
        yield "It is blank."
    wanted, found = (Counter(_PLACEHOLDER.findall(each)) for each in (text, other))
    if found != wanted and not (plural and found + Counter(["%(num)s"]) == wanted):
        yield f"It should have {' '.join(wanted.elements()) or 'no placeholder'}."
    if _PLACEHOLDER.sub("", text).count("%") != _PLACEHOLDER.sub("", other).count("%"):
        yield "Its per cent signs are not those of the English."
    if Counter(_TAG.findall(text)) != Counter(_TAG.findall(other)):
        yield "Its tags are not those of the English."
    if ("](" in text + other or "<" in text + other) and Counter(links(text)) != Counter(links(other)):
        yield "Its links do not lead where those of the English do."
    if _numbers(text) != _numbers(other):
        yield "Its numbers are not those of the English."


def _numbers(text: str) -> Counter[str]:
    """The numbers that a visitor reads."""
    for pattern in (_TARGET, _PLACEHOLDER, _TAG):
        text = pattern.sub("", text)
    return Counter(_NUMBER.findall(text))


def read_catalogue(path: Path) -> GNUTranslations:
    """The translations in a compiled catalogue.

    Raises:
        ContentError: it is missing, is no catalogue, or a translation in it cannot stand for its English.
            Names every fault.
    """
    file = name_of(path)
    try:
        compiled = path.read_bytes()
        catalogue = GNUTranslations(BytesIO(compiled))
        told = [message for message in read_mo(BytesIO(compiled)) if message.id]
    except OSError as error:
        raise ContentError(
            [Fault(file, "", f"Its .mo cannot be read: {error.strerror or error}.", _MEND)]
        ) from None
    except (ValueError, LookupError, struct.error):  # an encoding or plural forms unheard of among them
        raise ContentError([Fault(file, "", "Its .mo is no catalogue.", _MEND)]) from None
    faults = []
    for message in told:
        ids = [message.id] if isinstance(message.id, str) else message.id
        forms = [message.string] if isinstance(message.string, str) else message.string
        # The library gives a context as bytes here.
        place = (message.context or b"").decode() if isinstance(message.context, bytes) else ids[0]
        for form in forms or ():
            for problem in differences(ids[-1], str(form), plural=len(ids) > 1):
                faults.append(Fault(file, place, problem, _MEND))
    if faults:
        raise ContentError(faults)
    return catalogue


class _Nothing(NullTranslations):
    """What is asked where a catalogue has no translation."""

    def pgettext(self, context: str, message: str) -> str:
        return ""


def _of_content(content: Path, code: str) -> GNUTranslations:
    """The catalogue of the content, which answers "" for what it has not."""
    catalogue = read_catalogue(catalogue_of(content / "translations", code, "content"))
    catalogue.add_fallback(_Nothing())
    return catalogue


def _left(texts: Iterable[Message], catalogue: GNUTranslations) -> list[Message]:
    return [each for each in texts if not catalogue.pgettext(each.place, each.text)]


def untranslated(guide: Guide, content: Path, code: str) -> list[Message]:
    """The texts of the content that are still in English in another language: new, changed, or fuzzy.

    Raises:
        ContentError: the catalogue cannot be used.
    """
    return _left(messages(guide), _of_content(content, code))


def translated(guide: Guide, content: Path, code: str) -> Guide:
    """The guide in another language. A text that is not translated yet stays English.

    Args:
        guide: the English one.
        content: its folder, with the catalogues in ``translations``.
        code: the language.

    Raises:
        ContentError: the catalogue cannot be used, or a tenth of the texts or more is not translated.
    """
    catalogue, texts = _of_content(content, code), messages(guide)
    left = _left(texts, catalogue)
    if len(left) >= len(texts) * _MOST_UNTRANSLATED:
        file = name_of(catalogue_of(content / "translations", code, "content"))
        problem = f"{len(left)} of {len(texts)} texts are not translated."
        mend = f"Translate them, or take “{code}” out of SIGNPOST_LANGUAGES."
        raise ContentError([Fault(file, "", problem, mend)])
    return changed(guide, lambda place, text: catalogue.pgettext(place, text) or text)
