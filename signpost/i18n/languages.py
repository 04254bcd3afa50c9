"""The languages of the site, and the URL prefix of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from config import SettingsError

#: Translations of the templates and the code. Those of the content are in the content folder.
CATALOGUES = Path(__file__).parent.parent / "translations"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the site.

    ``code`` names it in settings and catalogues; ``tag`` is its BCP 47 tag, for pages; ``name`` is what its
    speakers call it. ``root`` is the prefix of its pages' URLs: "" or "/cy". ``rtl`` says that it is written from
    right to left.
    """

    code: str
    tag: str
    name: str
    root: str = ""
    rtl: bool = False


#: The source language: everything else is translated from it.
ENGLISH = Language("en", "en-GB", "English")

#: Every language of the site. docs/translating.md says how to add one.
KNOWN = {each.code: each for each in (ENGLISH, Language("cy", "cy", "Cymraeg", "/cy"))}


#: Every language except English.
TRANSLATIONS = {code: each for code, each in KNOWN.items() if each != ENGLISH}


def chosen(codes: Iterable[str]) -> tuple[Language, ...]:
    """The languages that SIGNPOST_LANGUAGES names, English first.

    Raises:
        SettingsError: a code is not known, or English is missing. Names every problem.
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


def split_language_prefix(path: str, languages: Collection[Language]) -> tuple[Language, str]:
    """The language of a path, and the path without the language's prefix.

    Ignores extra leading slashes, and capitals, because phones capitalise the first letter.
    """
    bare = f"/{path.lstrip('/')}"
    for language in languages:
        if language.root and f"{bare.lower()}/".startswith(f"{language.root}/"):
            return language, bare[len(language.root) :]
    return ENGLISH, path
