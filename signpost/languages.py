"""The languages of the site: which there are, and the addresses at which each lives."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from config import SettingsError

#: The words of the templates and the code; those of the content lie in the content's own folder.
CATALOGUES = Path(__file__).parent / "translations"


@dataclass(frozen=True, slots=True)
class Language:
    """A language: ``code`` names it in settings and catalogues, ``tag`` on a page (BCP 47), ``name`` to its readers.

    ``root`` stands in front of the addresses of its pages.
    """

    code: str
    tag: str
    name: str
    root: str = ""


#: What everything is written in.
ENGLISH = Language("en", "en-GB", "English")

#: Every language there is a translation for; docs/translating.md tells how to add one.
KNOWN = {each.code: each for each in (ENGLISH, Language("cy", "cy", "Cymraeg", "/cy"))}


def chosen(codes: Iterable[str]) -> tuple[Language, ...]:
    """The languages that SIGNPOST_LANGUAGES names, English first.

    Raises:
        SettingsError: a code is not known, or English is not among them.
    """
    names = list(codes)
    if unknown := [code for code in names if code not in KNOWN]:
        raise SettingsError(f"SIGNPOST_LANGUAGES has “{unknown[0]}”: give some of {', '.join(KNOWN)}")
    if ENGLISH.code not in names:
        raise SettingsError("SIGNPOST_LANGUAGES: add “en”, which the addresses without a language are in")
    return tuple(language for code, language in KNOWN.items() if code in names)


def split(path: str, languages: Collection[Language]) -> tuple[Language, str]:
    """The language that a path is in, and the path without it."""
    for language in languages:
        if language.root and (path == language.root or path.startswith(f"{language.root}/")):
            return language, path.removeprefix(language.root)
    return ENGLISH, path
