"""The site in each language, and the language that a request is for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from gettext import NullTranslations
from typing import cast
from urllib.parse import urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

from flask import Flask, current_app, request
from flask.ctx import RequestContext

from signpost.i18n.dates_text import DateFormatter
from signpost.i18n.fallback import with_marks
from signpost.i18n.hours_text import HoursFormatter
from signpost.i18n.languages import CATALOGUES, ENGLISH, Language, chosen, split_language_prefix
from signpost.i18n.translate import catalogue_of, read_catalogue, translated
from signpost.models.content import Content
from signpost.models.damaged import arguments
from signpost.models.markdown import MarkdownRenderer
from signpost.models.urls import OPEN_DATA, PAGED, PAGING

#: Keys of the WSGI environment: the language of the request, its path as the browser sent it, and what its query says.
_LANGUAGE, _RAW_PATH, _ARGUMENTS = "signpost.language", "signpost.raw_path", "signpost.arguments"


@dataclass(frozen=True)
class Locale:
    """The site in one language. ``translations`` translates the texts of the templates and the code."""

    language: Language
    content: Content
    translations: NullTranslations

    @cached_property
    def markdown(self) -> MarkdownRenderer:
        """Renders running text in this language."""
        return MarkdownRenderer(
            self.content.directory, self.language.root, self.translations, rtl=self.language.rtl
        )

    @cached_property
    def marked(self) -> Locale:
        """The same, for what can carry the language of each text: it marks what is not translated (``i18n.fallback``)."""
        marked = with_marks(self.translations)
        return self if marked is self.translations else replace(self, translations=marked)

    @cached_property
    def hours(self) -> HoursFormatter:
        """Puts opening hours into words in this language."""
        return HoursFormatter(self.translations)

    @cached_property
    def dates(self) -> DateFormatter:
        """Puts dates into words in this language."""
        return DateFormatter(self.translations)

    @cached_property
    def in_nation(self) -> dict[str, str]:
        """The name of each nation as it is written after "in"."""
        say = self.translations
        return {
            "england": say.pgettext("in", "England"),
            "wales": say.pgettext("in", "Wales"),
            "scotland": say.pgettext("in", "Scotland"),
            "northern-ireland": say.pgettext("in", "Northern Ireland"),
            "abroad": say.gettext("outside the UK"),
        }


class LanguagePrefix:
    """A WSGI layer that moves the prefix of a language from the path to SCRIPT_NAME.

    This is the only place that removes the prefix. The layers inside see the same paths in every language.

    Args:
        app: the layer inside.
        languages: the languages that are shown.
    """

    def __init__(self, app: WSGIApplication, languages: Collection[Language]) -> None:
        self.app = app
        self.languages = languages

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raw_path = environ.get("PATH_INFO", "")
        language, path = split_language_prefix(raw_path, self.languages)
        environ.update(_environ(language, raw_path))
        environ["PATH_INFO"] = path
        return self.app(environ, start_response)


def _environ(language: Language, raw_path: str) -> dict[str, object]:
    """The WSGI variables that ``LanguagePrefix`` adds to a request."""
    return {"SCRIPT_NAME": language.root, _LANGUAGE: language, _RAW_PATH: raw_path}


def init_app(app: Flask, *, draft: bool = False) -> None:
    """Loads the translations of every language that the settings name. A draft may lack most of them.

    Raises:
        SettingsError: the settings name a language that is not known, or leave out English.
        ContentError: a catalogue cannot be used.
    """
    config, content = app.config["SIGNPOST"], app.extensions["content"]
    app.extensions["locales"] = {
        language: Locale(language, content, NullTranslations())
        if language == ENGLISH
        else Locale(
            language,
            translated(content, config.content, language.code, draft=draft),
            read_catalogue(catalogue_of(CATALOGUES, language.code, "messages")),
        )
        for language in chosen(config.languages)
    }


def all_locales() -> dict[Language, Locale]:
    """Every locale, English first."""
    return cast("dict[Language, Locale]", current_app.extensions["locales"])


def language_of(environ: WSGIEnvironment) -> Language:
    """The language of a request."""
    return cast(Language, environ.get(_LANGUAGE, ENGLISH))


def current_locale() -> Locale:
    """The locale of the requested page."""
    return all_locales()[language_of(request.environ)]


def current_content() -> Content:
    """The content, in the language of the requested page."""
    return current_locale().content


def current_path() -> str:
    """The requested path, without the language prefix."""
    return cast(str, request.environ["PATH_INFO"])


def raw_path() -> str:
    """The path as the browser sent it, with the language prefix."""
    return cast(str, request.environ.get(_RAW_PATH, request.environ["PATH_INFO"]))


def current_arguments() -> dict[str, str]:
    """The arguments of the requested URL that change a page, with damage undone (``models.damaged``)."""
    environ = request.environ  # keeps them, because undoing damage takes 40 µs
    if _ARGUMENTS not in environ:
        environ[_ARGUMENTS] = arguments(environ.get("QUERY_STRING", ""))
    return cast("dict[str, str]", environ[_ARGUMENTS])


def localized_url(path: str) -> str:
    """The URL of a path of this site, in the language of the requested page."""
    return request.script_root + path


def page_state() -> dict[str, str]:
    """The query parameters that change the requested page. All others are ignored.

    Views read parameters only from here, so a prerendered page fits every query that has none of these.
    """
    path, given = current_path(), current_arguments()
    if path.startswith(("/check/", "/for/", "/numbers/")):
        return {name: "1" for name in ("go", "moved") if given.get(name) == "1"}
    if path == "/partners" and given.get("service"):
        return {"service": given["service"]}
    if path in PAGED:  # programs send these, so they are read to the letter
        return {name: value for name, value in request.args.items() if name in PAGING}
    if path == OPEN_DATA and request.args.get("page", "1") != "1":
        return {"page": request.args["page"]}
    return {}


def alternate_url(other: Language) -> str:
    """The URL of the requested page in another language, in the same state."""
    return other.root + current_path() + ("?" + urlencode(state) if (state := page_state()) else "")


def page_context(
    app: Flask, language: Language, path: str, headers: dict[str, str] | None = None
) -> RequestContext:
    """A request context for a path in a language, with a query or none, as if a browser had asked for it."""
    # Not app.test_request_context: it loads a test client and a debugger, and takes longer.
    bare, _, query = path.partition("?")
    environ = {
        "PATH_INFO": bare,
        "QUERY_STRING": query,
        **_environ(language, language.root + bare),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()},
    }
    setup_testing_defaults(environ)  # what every request has besides
    return app.request_context(environ)


@contextmanager
def use_locale(app: Flask, language: Language) -> Iterator[None]:
    """A context for rendering templates in a language outside any request: at startup or in a command."""
    # Push a new app context too: an outer one would still hold its own locale in ``g``.
    with app.app_context(), page_context(app, language, "/"):
        yield
