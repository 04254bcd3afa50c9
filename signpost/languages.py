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


#: Those that the English is translated into.
TRANSLATIONS = {code: each for code, each in KNOWN.items() if each != ENGLISH}


def chosen(codes: Iterable[str]) -> tuple[Language, ...]:
    """The languages that SIGNPOST_LANGUAGES names, English first.

    Raises:
        SettingsError: codes are not known, or English is not among them. Names them all.
    """
    names = list(codes)
    problems = [
        f"SIGNPOST_LANGUAGES has “{code}”: give some of {', '.join(KNOWN)}"
        for code in names
        if code not in KNOWN
    ]
    if ENGLISH.code not in names:
        problems.append("SIGNPOST_LANGUAGES: add “en”, which the addresses without a language are in")
    if problems:
        raise SettingsError("\n".join(problems))
    return tuple(language for code, language in KNOWN.items() if code in names)


def split(path: str, languages: Collection[Language]) -> tuple[Language, str]:
    """The language that a path is in, and the path without it; slashes too many in front do not count."""
    bare = f"/{path.lstrip('/')}"
    for language in languages:
        if language.root and (bare == language.root or bare.startswith(f"{language.root}/")):
            return language, bare.removeprefix(language.root)
    return ENGLISH, path
