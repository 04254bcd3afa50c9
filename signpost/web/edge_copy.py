"""A copy of every page for the edge to send while the site is down, hangs or is overloaded.

A page depends on its address, its language and the minute. The copy does not depend on the minute: it has the usual
opening hours, never "open now". It consists of files, so nginx can send it without the site (``deploy/nginx.conf``).

Each copy is written to a new folder. The symbolic link ``now`` is moved to it once all of it is on disk, so the edge
never sees half a copy, and the old one stays if the new one fails.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep, thread_time
from typing import cast

from flask import Flask, g

from config import Config
from signpost.i18n.languages import CATALOGUES, Language
from signpost.models.content import Content
from signpost.models.urls import copied_pages, retired_pages
from signpost.web import padding
from signpost.web.prerender import rendered

_log = logging.getLogger(__name__)

#: The characters that names of files may have, without their suffix. deploy/nginx.conf looks up no other address.
#: Commas stand for slashes: with all files in one folder, nginx need not look for symbolic links among more of them.
NAME = re.compile(r"(?:[a-z0-9+-]+,)*[a-z0-9+-]+(?:@(?:go|moved|retired))?", re.ASCII)
#: gzip alone is enough: every browser accepts it, and nginx unpacks it for clients that do not.
ENDING = ".html.gz"
#: The link to the current copy, and the file in each copy that describes it. The edge serves neither name.
NOW, ABOUT = "now", "about.json"
_LOCK = ".lock"
_COPY = re.compile(r"\d{8}T\d{12}-\d+")
#: How long to wait before checking again whether the day has changed, and after a copy that failed.
_LOOK_EVERY, _RETRY_AFTER = 10, 300


@dataclass(frozen=True, slots=True)
class About:
    """The description of a copy: when it was made, the UK date at that time, and from what (``fingerprint``)."""

    made: datetime
    day: date
    fingerprint: str
    pages: int
    size: int
    seconds: float


def file_name(language: Language, path: str) -> str:
    """The name of a page's file, without its ending.

    Args:
        language: the language of the page.
        path: the path, without the prefix of the language; with ``?go=1`` or ``?moved=1``, or no query.
    """
    bare, _, query = path.partition("?")
    state = {"": "", "go=1": "@go", "moved=1": "@moved"}[query]
    return ((language.root + bare).strip("/").replace("/", ",") or "index") + state


def write_copy(
    app: Flask, folder: Path, *, paths: Iterable[str] | None = None, known: str = "", half_speed: bool = False
) -> About:
    """Writes a copy of every page, in each language, and then moves the link ``now`` to it.

    Args:
        app: the site.
        folder: the folder for copies. Copies before the last are removed from it.
        paths: the pages to copy; by default all that a visitor needs.
        known: the ``fingerprint`` of the site, if it is known; by default it is computed now.
        half_speed: use at most half a core.

    Raises:
        OSError: something cannot be written.
    """
    began, watch, moment = datetime.now(UTC), perf_counter(), app.extensions["clock"]()
    content: Content = app.extensions["content"]
    new = folder / f"{began:%Y%m%dT%H%M%S%f}-{os.getpid()}"
    written: list[Path] = []
    size = 0
    new.mkdir(parents=True)
    try:
        for language in app.extensions["locales"]:
            for path in copied_pages(content) if paths is None else paths:
                page_began = thread_time()
                packed = _page(app, language, path, moment)
                written.append(_write(new / f"{file_name(language, path)}{ENDING}", packed))
                size += len(packed)
                if half_speed:
                    sleep(thread_time() - page_began)
            for old, target in content.moved.items():
                source = new / f"{file_name(language, target)}{ENDING}"
                if "?" not in target and source.exists():
                    (new / f"{file_name(language, old)}{ENDING}").hardlink_to(source)
            # Empty: the edge only checks whether the file exists, and redirects to the question.
            for path in retired_pages(content):
                written.append(_write(new / f"{file_name(language, path)}@retired{ENDING}", b""))
        about = About(
            made=began.replace(microsecond=0),
            day=moment.date(),
            fingerprint=known or fingerprint(app),
            pages=len(written),
            size=size,
            seconds=round(perf_counter() - watch, 1),
        )
        written.append(_write(new / ABOUT, json.dumps(_as_text(about)).encode()))
        for file in (*written, new):
            _flush(file)
        _lead_to(folder, new)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return about


def _page(app: Flask, language: Language, path: str, moment: datetime) -> bytes:
    """A page, compressed and padded like the site's. The text itself is padded too, for clients that do not accept gzip."""
    with rendered(app, language, path, moment, timeless=True) as response:
        return padding.gzip(response.get_data(), padding.lengths_of("gzip", result="is_result" in g))


def _write(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


def _flush(path: Path) -> None:
    """Flushes a file or a folder to disk, so that the copy is still whole after a power cut."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _lead_to(folder: Path, new: Path) -> None:
    """Moves ``now`` to a new copy. Keeps the last copy, which the edge may be reading, and removes older ones."""
    link = folder / NOW
    last = link.readlink().name if link.is_symlink() else ""
    fresh = folder / f"{NOW}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(new.name)
    fresh.replace(link)
    _flush(folder)
    for each in folder.iterdir():
        if _COPY.fullmatch(each.name) and each.name not in (new.name, last) and not each.is_symlink():
            shutil.rmtree(each, ignore_errors=True)


@contextmanager
def only_one(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Holds the lock of a folder for copies. Yields false if another process holds it and ``wait`` is not set.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def about(folder: Path) -> About | None:
    """The description of the current copy; None if there is no copy."""
    try:
        stored = json.loads((folder / NOW / ABOUT).read_text("utf-8"))
        given = stored | {
            "made": datetime.fromisoformat(stored["made"]),
            "day": date.fromisoformat(stored["day"]),
        }
        return About(**given)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _as_text(about: About) -> dict[str, object]:
    fields = {name: getattr(about, name) for name in About.__slots__}
    return fields | {"made": about.made.isoformat(), "day": about.day.isoformat()}


def age_problem(config: Config, now: datetime | None = None) -> str:
    """Says in words that the copy is too old or missing; "" if it is not, or if the settings ask for none.

    Args:
        config: the settings.
        now: the moment; by default the current one.
    """
    if config.edge_copy is None:
        return ""
    found = about(config.edge_copy)
    if found is None:
        return "The edge has no copy of the pages. It is made within minutes of a start of the site."
    age = (now or datetime.now(UTC)) - found.made
    if age <= timedelta(hours=config.edge_copy_hours):
        return ""
    return (
        f"The edge’s copy of the pages is {age // timedelta(hours=1)} hours old. The site makes a new one at each start "
        "and each day: does it run, and can it write there?"
    )


def fingerprint(app: Flask) -> str:
    """A digest of everything that the pages depend on except the day: code, templates, content and settings."""
    config: Config = app.config["SIGNPOST"]
    root = Path(app.root_path).parent
    digest = sha256(repr(config).encode())  # which leaves out the secrets
    for folder in (root / "signpost", root / "templates", root / "static", config.content, CATALOGUES):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


class EdgeCopy:
    """Keeps the edge's copy in step with a serving process.

    Args:
        app: the app.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._config: Config = app.config["SIGNPOST"]
        self._fingerprint = ""
        self._day: date | None = None

    def start(self) -> None:
        """Starts the thread that writes the copy at the start and when the day changes, if the settings ask for one."""
        if self._config.edge_copy is not None:
            # Computed now, since this process does not show later changes to the files.
            self._fingerprint = fingerprint(self._app)
            Thread(target=self._run, args=(self._config.edge_copy,), daemon=True).start()

    def keep(self, folder: Path) -> bool:
        """Writes the copy if another process of this site has not written the same today.

        Checks only once a day, so that during a reload old workers do not overwrite the copy that new ones wrote.
        Returns whether the copy is up to date; false while another process writes it.
        """
        today = self._app.extensions["clock"]().date()
        if today == self._day:
            return True
        with only_one(folder, wait=False) as alone:
            if not alone:
                return False
            found = about(folder)
            if found is None or (found.fingerprint, found.day) != (self._fingerprint, today):
                made = write_copy(self._app, folder, known=self._fingerprint, half_speed=True)
                _log.info(f"the edge's copy: {made.pages} pages in {made.seconds:.0f} s")
            self._day = cast(date, today)
        return True

    def _run(self, folder: Path) -> None:
        if wrong := age_problem(self._config):
            _log.warning(wrong)
        # Prerendering the pages that visitors get now comes first.
        self._app.extensions["prerendered_pages"].settled.wait()
        while True:
            pause = _LOOK_EVERY
            try:
                self.keep(folder)
            except Exception as error:  # keep the thread alive: the next try may succeed
                _log.error("the edge's copy could not be made; the old one stays", exc_info=error)
                pause = _RETRY_AFTER
            sleep(pause)
