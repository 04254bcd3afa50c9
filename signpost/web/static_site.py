"""The whole site as files, for a host that runs no program: ``make static``.

A page ``/check/n`` is the file ``check/n/index.html``, which every host sends for ``/check/n/``; for an address without
the slash it redirects there. Our links have the slash. They begin at the root of the host, or with the path of
``SIGNPOST_BASE_URL``: relative links would be wrong on a host that sends ``/check/n`` without a redirect.

Questions are lists of links, and hours do not depend on the minute. Pages repeat in meta elements what the served site
says in headers, because some hosts send no headers of ours.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from flask import Flask

from config import Config
from signpost.exports.posters import posters_folder
from signpost.i18n.languages import ENGLISH, Language
from signpost.i18n.locales import page_context
from signpost.models.content import Content
from signpost.models.urls import (
    JOURNEY_SCHEMA,
    OPEN_DATA,
    PNG_BADGE,
    SERVICES_CSV,
    check_url,
    listed_pages,
    retired_pages,
    static_files,
    static_pages,
)
from signpost.security.headers import meta_policy, static_headers
from signpost.web.errors import render_error_page
from signpost.web.host_files import ERRORS, Hosting
from signpost.web.prerender import rendered
from signpost.web.templating import fingerprinted_urls
from signpost.web.well_known import sitemap_of

#: Tells that a folder is a static site of ours, which may be replaced, and when it was made.
MADE = "made.json"
_WELL_KNOWN = ("/robots.txt", "/.well-known/traffic-advice")
_SECURITY = "/.well-known/security.txt"
_INDEX = "/index.html"


class FolderInUse(OSError):
    """The folder holds something other than a static site of ours."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: how many pages, how many bytes, and how many seconds it took."""

    pages: int
    size: int
    seconds: float


def write_site(app: Flask, folder: Path, *, paths: Iterable[str] | None = None) -> Made:
    """Writes the site into a folder, which it replaces once all of it is written.

    Args:
        app: the site.
        folder: the folder. One that is there already must be empty, or a static site.
        paths: the pages; by default all of them.

    Raises:
        FolderInUse: the folder holds something else.
        OSError: something cannot be written.
    """
    folder = folder.absolute()
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MADE).is_file():
        raise FolderInUse("it holds something other than a static site")
    watch = perf_counter()
    new, old = (folder.with_name(f".{folder.name}.{age}") for age in ("new", "old"))
    for left_over in (new, old):
        shutil.rmtree(left_over, ignore_errors=True)
    # Fails where something is still there. In a folder that others may write to, such as /tmp, it may be a link to a
    # folder of theirs, and the site would be in it.
    new.mkdir(parents=True)
    try:
        writer = _Writer(app, new)
        writer.write(static_pages(app.extensions["content"]) if paths is None else paths)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except BaseException:
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(new, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return Made(writer.pages, writer.size, perf_counter() - watch)


def address(path: str, base_path: str = "") -> str:
    """The address of a path of the served site on a host of files: a page’s with a slash, and without its query.

    Args:
        path: the path, with or without a query and a fragment.
        base_path: the path below which the site lies.
    """
    rest, hash_, fragment = path.partition("#")
    bare, question_mark, query = rest.partition("?")
    if "." in bare.rpartition("/")[2]:
        return f"{base_path}{bare}{question_mark}{query}"
    # Some stores of files read a “+” as a space.
    return f"{base_path}{bare.rstrip('/')}/{hash_}{fragment}".replace("+", "%2B")


class _Writer:
    """Writes what belongs to one site into a folder."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.pages = self.size = 0
        self._app, self._folder = app, folder
        self._config: Config = app.config["SIGNPOST"]
        self._content: Content = app.extensions["content"]
        self._languages: list[Language] = list(app.extensions["locales"])
        self._moment = app.extensions["clock"]()
        self._style: str = app.extensions["static_stylesheet"].source
        # The stylesheet stands in every page.
        named = (each.partition("?")[0] for each in fingerprinted_urls(app))
        self._assets = {each for each in named if not each.endswith(".css")}
        # Below the root of a host, whether all of it is for HTTPS alone is not ours to say.
        self._https_only = self._config.base_url.startswith("https://") and not self._config.base_path
        self._written: list[str] = []
        host = self._config.base_url.removesuffix(self._config.base_path)
        self._links = re.compile(rf'( (?:href|src)="|<loc>)({re.escape(host)})?(/[^"<]*)')
        self._meta = (
            f'<meta http-equiv="Content-Security-Policy" content="{meta_policy(self._style)}">\n'
            '<meta name="referrer" content="no-referrer">\n'
        )

    def write(self, paths: Iterable[str]) -> None:
        """Writes all that there is, and these pages.

        Raises:
            ValueError: a page cannot be written, because the site answers with an error or a redirect.
        """
        wanted = list(paths)
        for language in self._languages:
            for path in wanted:
                self._write_response(language, path)
            for old, target in self._content.moved.items():
                self._write_response(language, target, old)
            for old in retired_pages(self._content):
                question = check_url(old.split("/")[2:-1])
                self._write_response(language, f"{question}?moved=1", old)
            for path in static_files(self._content):
                if path != PNG_BADGE or self._app.extensions["png_badges"][language]:
                    self._write_response(language, path)
            for status in sorted(set(ERRORS.values())):
                html = render_error_page(self._app, status, language, static=True)
                self._write_page(f"{language.root}/{status}.html", html, listed=False)
        for path in (
            OPEN_DATA,
            SERVICES_CSV,
            JOURNEY_SCHEMA,
            *_WELL_KNOWN,
            *([_SECURITY] if self._config.contact else ()),
        ):
            self._write_response(ENGLISH, path)
        self._write_sitemap("/sitemap.xml", listed_pages(self._content))
        pages = (path for path in static_pages(self._content) if not path.endswith(".svg"))
        self._write_sitemap("/sitemap-states.xml", pages)
        for path in sorted(self._assets):
            self.write_file(path, Path(self._app.static_folder or "", Path(path).name).read_bytes())
        for sheet in self._app.extensions["posters"]:
            self.write_file(
                f"/static/posters/{sheet.file}", (posters_folder(self._app) / sheet.file).read_bytes()
            )
        made = datetime.now(UTC).replace(microsecond=0).isoformat()
        about = {"made": made, "version": self._app.config["VERSION"], "pages": self.pages}
        self.write_file(f"/{MADE}", json.dumps(about).encode())
        hosting = Hosting(dict(self._headers()), self._config.base_path, self._languages)
        for name, text in hosting.files().items():
            self.write_file(f"/{name}", text.encode())
        self._close_folders()

    def write_file(self, path: str, content: bytes) -> None:
        """Writes a file of the site."""
        file = self._folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self._written.append(path)
        self.size += len(content)

    def _write_response(self, language: Language, path: str, at: str = "") -> None:
        """Writes what the site answers for a path, as the file of the path ``at``, by default of the same."""
        with rendered(self._app, language, path, self._moment, timeless=True, static=True) as response:
            file = f"{language.root}{at or path}"
            if response.mimetype == "text/html":
                listed = not at and "X-Robots-Tag" not in response.headers
                self._write_page(file.rstrip("/") + _INDEX, response.get_data(as_text=True), listed=listed)
            else:
                self.write_file(file, response.get_data())

    def _write_page(self, file: str, html: str, *, listed: bool) -> None:
        """Writes a page, without its padding, which a host would compress away."""
        meta = self._meta if listed else self._meta + '<meta name="robots" content="noindex">\n'
        html = self._at_home(html).replace('<meta name="viewport"', f'{meta}<meta name="viewport"', 1)
        self.write_file(file, html.rstrip("\n").encode() + b"\n")
        self.pages += 1

    def _write_sitemap(self, path: str, addresses: Iterable[str]) -> None:
        with self._app.app_context(), page_context(self._app, ENGLISH, path):
            sitemap = sitemap_of(list(addresses)).get_data(as_text=True)
        self.write_file(path, self._at_home(sitemap).encode())

    def _at_home(self, text: str) -> str:
        """A page or sitemap whose links lead to the files."""

        def replace(found: re.Match[str]) -> str:
            before, host, path = found.groups()
            # What names the host has the base path already.
            return f"{before}{host or ''}{address(path, '' if host else self._config.base_path)}"

        return self._links.sub(replace, text)

    def _headers(self) -> Iterator[tuple[str, dict[str, str]]]:
        """The headers of all that has been written, by pattern of path (``Hosting``)."""
        # English, which has none, comes last.
        roots = sorted((each.root for each in self._languages), reverse=True)
        for path in self._written:
            root = next(root for root in roots if path.startswith(f"{root}/"))
            own, pattern = path.removeprefix(root), path
            if own.endswith(_INDEX):
                own = own.removesuffix(_INDEX.lstrip("/"))
                section = own.split("/")[1]
                pattern = f"{root}/{section}/*" if section else f"{root}/"
            # A host sends an error page with the headers of what was asked for.
            elif own.endswith(".html"):
                continue
            elif own.startswith(("/static/posters/", "/qr/")):  # many, and all alike
                pattern = f"{path.rpartition('/')[0]}/*"
            yield (
                pattern,
                static_headers(own, secure=self._https_only, style=self._style, fingerprinted=self._assets),
            )

    def _close_folders(self) -> None:
        """Gives each folder that has no page the page for what is not found: a host would list what is in it."""
        for folder in [each for each in self._folder.rglob("*") if each.is_dir()]:
            if not (folder / "index.html").exists():
                inside = folder.relative_to(self._folder).parts
                language = next((each for each in self._languages if each.root == f"/{inside[0]}"), ENGLISH)
                page = self._folder / language.root.lstrip("/") / "404.html"
                self.write_file(f"/{'/'.join(inside)}{_INDEX}", page.read_bytes())
