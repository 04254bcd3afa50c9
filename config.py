"""Settings: read from SIGNPOST_* environment variables, and checked before the site starts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from limits import RateLimitItem, parse_many

OWN_CONTENT = Path(__file__).parent / "signpost" / "content"

#: Schemes of stores for the request counters: this process's memory, or a store that several processes share.
_STORES = ("memory", "redis", "rediss", "valkey", "valkeys")
_LONGEST_WINDOW = 3600


class SettingsError(Exception):
    """Settings that cannot be used; the message names every variable and how to fix it."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting of the site.

    Attributes:
        site_name: what the site calls itself (SIGNPOST_SITE_NAME).
        operator: who runs it and answers for it, or "" (SIGNPOST_OPERATOR).
        contact: an e-mail or web address for reporting mistakes, or "" (SIGNPOST_CONTACT).
        base_url: scheme and host of absolute addresses, without a trailing slash (SIGNPOST_BASE_URL;
            by default built from HOST and PORT). For a static site it may have a path too.
        exit_url: where "Exit this page" leads (SIGNPOST_EXIT_URL).
        content: the folder an editor changes (SIGNPOST_CONTENT).
        languages: the codes of the languages that are shown (SIGNPOST_LANGUAGES).
        hours_days: for how many days after the operator has checked a service's opening hours a page says
            "open now" (SIGNPOST_HOURS_DAYS).
        rate_limit: how many requests one IP address may make (SIGNPOST_RATE_LIMIT).
        rate_limit_storage: the URL of the store that counts them (SIGNPOST_RATE_LIMIT_STORAGE).
        rate_limit_secret: the key under which IP addresses are hashed in a shared store, or ""
            (SIGNPOST_RATE_LIMIT_SECRET, or the first line of the file SIGNPOST_RATE_LIMIT_SECRET_FILE).
        trusted_proxies: how many proxies in front are trusted to give the visitor's IP address
            (SIGNPOST_TRUSTED_PROXIES).
        trusted_hosts: the host names the site answers to; if empty, any (SIGNPOST_TRUSTED_HOSTS; by
            default the host of SIGNPOST_BASE_URL, if that is set).
        edge_copy: the folder for the edge's copy of every page, or None for no copy (SIGNPOST_EDGE_COPY).
        edge_copy_hours: after how many hours a copy is too old (SIGNPOST_EDGE_COPY_HOURS).
    """

    site_name: str
    operator: str
    contact: str
    base_url: str
    exit_url: str
    content: Path
    languages: tuple[str, ...]
    hours_days: int
    rate_limit: str
    rate_limit_storage: str = field(repr=False)  # may hold a password
    rate_limit_secret: str = field(repr=False)
    trusted_proxies: int
    trusted_hosts: frozenset[str]
    edge_copy: Path | None
    edge_copy_hours: int

    @property
    def base_path(self) -> str:
        """The path of ``base_url``, below which a static site lies; "" for the root of its host."""
        return urlsplit(self.base_url).path

    def require_root(self) -> None:
        """Checks that a server can serve the site at its address.

        Raises:
            SettingsError: ``base_url`` has a path.
        """
        if self.base_path:
            raise SettingsError(
                f"SIGNPOST_BASE_URL is “{self.base_url}”: give scheme and host only; a path is for `make static` alone"
            )

    @property
    def rate_limit_window(self) -> int:
        """The period over which requests are counted, in seconds."""
        return _limits(self.rate_limit)[0].get_expiry()

    @property
    def contact_href(self) -> str:
        """The href of a link to ``contact``, or "" if there is no contact."""
        return f"mailto:{self.contact}" if _EMAIL.fullmatch(self.contact) else self.contact

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Config:
        """Reads the settings from environment variables.

        Raises:
            SettingsError: one or more cannot be used. The message names them all.
        """
        environment = {name: _bare(value) for name, value in environment.items()}
        if unreadable := [
            name for name in sorted(environment) if _read(name) and not _is_text(environment[name])
        ]:
            raise SettingsError("\n".join(f"{name} is not UTF-8: write it again" for name in unreadable))
        host = environment.get("HOST") or "127.0.0.1"
        served = f"http://{f'[{host}]' if ':' in host else host}:{environment.get('PORT') or '8000'}"
        config = cls(
            site_name=environment.get("SIGNPOST_SITE_NAME", "").strip() or "Signpost",
            operator=environment.get("SIGNPOST_OPERATOR", ""),
            contact=environment.get("SIGNPOST_CONTACT", ""),
            base_url=(environment.get("SIGNPOST_BASE_URL") or served).rstrip("/"),
            exit_url=environment.get("SIGNPOST_EXIT_URL") or "https://www.bbc.co.uk/weather",
            content=Path(environment.get("SIGNPOST_CONTENT") or OWN_CONTENT),
            languages=tuple(environment.get("SIGNPOST_LANGUAGES", "").replace(",", " ").lower().split())
            or ("en",),
            hours_days=_whole(environment.get("SIGNPOST_HOURS_DAYS") or "90"),
            rate_limit=environment.get("SIGNPOST_RATE_LIMIT") or "1800 per minute",
            rate_limit_storage=environment.get("SIGNPOST_RATE_LIMIT_STORAGE") or "memory://",
            rate_limit_secret=_secret(environment),
            trusted_proxies=_whole(environment.get("SIGNPOST_TRUSTED_PROXIES") or "0"),
            trusted_hosts=_hosts(environment),
            edge_copy=Path(folder) if (folder := environment.get("SIGNPOST_EDGE_COPY")) else None,
            edge_copy_hours=_whole(environment.get("SIGNPOST_EDGE_COPY_HOURS") or "36"),
        )
        problems = [_visible(problem) for problem in _problems(config, environment)]
        if problems:
            raise SettingsError("\n".join(problems))
        return config


_SECRET, _SECRET_FILE = "SIGNPOST_RATE_LIMIT_SECRET", "SIGNPOST_RATE_LIMIT_SECRET_FILE"
_KNOWN = {_SECRET_FILE, *(f"SIGNPOST_{each.name.upper()}" for each in fields(Config))}

#: What editors and the clipboard put around a value without showing it: white space, \r, a byte order mark, zero width.
_INVISIBLE = " \t\r\n\v\f\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u2060\ufeff"

#: What no name has in it. Some scripts need joiners, and typographers no-break spaces.
_NOWHERE = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028\u2029\u2060\ufeff]")

#: A web address, and the address of a site: scheme, host, port and path. Neither may contain white space.
_ADDRESS = re.compile(r"https://[^\s/]+(/\S*)?")
_BASE = re.compile(r"https?://([\w.-]+|\[[\da-fA-F:.]+\])(:\d{1,5})?(/[\w~-][\w.~-]*)*", re.ASCII)
_HOST = re.compile(r"\w[\w.-]*|\[[\da-f:.]+\]", re.ASCII)
_EMAIL = re.compile(r"[^\s@/:<>,;]+@[^\s@/:<>,;]+")

#: Quotes that Docker's --env-file leaves around a value, and that a word processor makes.
_QUOTES = ('""', "''", "“”", "‘’")


def _bare(value: str) -> str:
    """A value without what cannot be seen around it, and without a pair of quotes."""
    value = value.strip(_INVISIBLE)
    quoted = len(value) > 1 and value[0] + value[-1] in _QUOTES
    return value[1:-1].strip(_INVISIBLE) if quoted else value


def _secret(environment: Mapping[str, str]) -> str:
    """The secret, from its variable or the first line of its file.

    Raises:
        SettingsError: the file cannot be read, or both are given.
    """
    given, file = environment.get(_SECRET, ""), environment.get(_SECRET_FILE, "")
    if not file:
        return given
    if given:
        raise SettingsError(f"{_SECRET} and {_SECRET_FILE} are both set: unset one of them")
    try:
        return Path(file).read_text("utf-8").partition("\n")[0].strip()
    except (OSError, ValueError) as error:
        # Not the error's own words: where a secret was given in place of a file, they would print it.
        raise SettingsError(
            f"{_SECRET_FILE}: the file that it names cannot be read ({type(error).__name__})"
        ) from None


def _read(name: str) -> bool:
    """Whether this module reads the variable."""
    return name in ("HOST", "PORT") or name.startswith("SIGNPOST_")


def _similar(name: str) -> str:
    """The setting's name that somebody most likely meant: capitals, "_" for "-", no invisible characters, no "export " of a shell."""
    return re.sub(r"[^A-Z_]", "", name.upper().strip().removeprefix("EXPORT ").replace("-", "_"))


def _visible(text: str) -> str:
    """A text with the names of the characters in it that cannot be seen."""
    return "".join(
        char
        if char == " " or unicodedata.category(char)[0] not in "CZ"
        else f"[{unicodedata.name(char, '').lower() or f'U+{ord(char):04X}'}]"
        for char in text
    )


def _is_text(value: str) -> bool:
    """Whether a value was valid UTF-8. Python turns other bytes into lone surrogates."""
    return not re.search("[\ud800-\udfff]", value)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # the name is too long, for example
        return False


def _limits(text: str) -> list[RateLimitItem]:
    try:
        return parse_many(text)
    except ValueError:
        return []


def _has_port(address: str) -> bool:
    """Whether the port of an address can be parsed, or there is none. A password can make it unreadable."""
    try:
        urlsplit(address).port  # noqa: B018 (reading it is the check)
    except ValueError:
        return False
    return True


def _whole(text: str) -> int:
    """The text as a whole number from 0 to 999; -1 for anything else, which ``_problems`` reports."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else -1


def _hosts(environment: Mapping[str, str]) -> frozenset[str]:
    named = environment.get("SIGNPOST_TRUSTED_HOSTS", "").replace(",", " ").split()
    base = _BASE.match(environment.get("SIGNPOST_BASE_URL", ""))
    return frozenset(host.lower() for host in named or ([base[1]] if base else []))


def _problems(config: Config, environment: Mapping[str, str]) -> Iterator[str]:
    port = environment.get("PORT") or "8000"
    if not (port.isascii() and port.isdecimal() and len(port) < 6 and 0 < int(port) < 65536):
        yield f"PORT is “{port}”: give a number from 1 to 65535"
    elif not _BASE.fullmatch(config.base_url) and not environment.get("SIGNPOST_BASE_URL"):
        yield f"HOST is “{environment.get('HOST')}”: give an address to serve on, such as 127.0.0.1"
    elif not config.base_url.isascii():
        yield f"SIGNPOST_BASE_URL is “{config.base_url}”: write its host as browsers send it, xn--..."
    elif not (_BASE.fullmatch(config.base_url) and _has_port(config.base_url)):
        yield f"SIGNPOST_BASE_URL is “{config.base_url}”: give scheme and host only, such as https://example.org"
    if not _ADDRESS.fullmatch(config.exit_url):
        yield f"SIGNPOST_EXIT_URL is “{config.exit_url}”: give a whole address that begins with https://"
    if config.contact and not (_EMAIL.fullmatch(config.contact) or _ADDRESS.fullmatch(config.contact)):
        yield f"SIGNPOST_CONTACT is “{config.contact}”: give an e-mail address, or one that begins with https://"
    if not _is_folder(config.content):
        yield f"SIGNPOST_CONTENT is “{config.content}”: there is no such folder"
    if config.hours_days < 0:
        yield f"SIGNPOST_HOURS_DAYS is “{environment['SIGNPOST_HOURS_DAYS']}”: give a number of days, such as 90; at most 999"
    yield from _rate_limit_problems(config)
    if not 0 <= config.trusted_proxies < 100:
        given = environment["SIGNPOST_TRUSTED_PROXIES"]
        yield f"SIGNPOST_TRUSTED_PROXIES is “{given}”: give the number of proxies in front, such as 1"
    if config.edge_copy and not config.edge_copy.is_absolute():
        yield f"SIGNPOST_EDGE_COPY is “{config.edge_copy}”: give the whole path of a folder, from /"
    if config.edge_copy_hours < 1:
        given = environment["SIGNPOST_EDGE_COPY_HOURS"]
        yield f"SIGNPOST_EDGE_COPY_HOURS is “{given}”: give a number of hours, such as 36; at most 999"
    for host in sorted(config.trusted_hosts):
        if not host.isascii():
            yield f"SIGNPOST_TRUSTED_HOSTS has “{host}”: write it as browsers send it, xn--..."
        elif not _HOST.fullmatch(host):
            yield f"SIGNPOST_TRUSTED_HOSTS has “{host}”: give whole names only, such as example.org"
    for name in sorted(environment.keys()):
        if name.startswith("SIGNPOST_") and name not in _KNOWN:
            yield f"{name} is not a setting: correct its name, or unset it"
        elif _similar(name) in _KNOWN and name not in _KNOWN:
            yield f"{name} is not a setting, but looks like {_similar(name)}: type that name by hand"
    for name in ("SIGNPOST_SITE_NAME", "SIGNPOST_OPERATOR"):  # the others allow no such character anyway
        if _NOWHERE.search(value := environment.get(name, "")):
            yield f"{name} is “{value}”: take out what cannot be seen"


def _rate_limit_problems(config: Config) -> Iterator[str]:
    limits = _limits(config.rate_limit)
    if len(limits) != 1 or 0 in map(int, re.findall(r"\d+", config.rate_limit)):
        yield f"SIGNPOST_RATE_LIMIT is “{config.rate_limit}”: give one limit, such as 1800 per minute"
    elif limits[0].get_expiry() > _LONGEST_WINDOW:
        yield (
            f"SIGNPOST_RATE_LIMIT is “{config.rate_limit}”: count over an hour at most, because hashed "
            "addresses are kept for two such windows"
        )
    scheme, colon, _ = config.rate_limit_storage.partition("://")
    usable = (
        scheme in _STORES and "?" not in config.rate_limit_storage and _has_port(config.rate_limit_storage)
    )
    if not colon or not usable:
        # Do not quote the value: it may contain a password, and this message is printed.
        yield "SIGNPOST_RATE_LIMIT_STORAGE: give memory://, or an address such as redis://127.0.0.1:6379"
    elif scheme != "memory" and len(config.rate_limit_secret) < 32:
        yield (
            "SIGNPOST_RATE_LIMIT_SECRET: a shared store needs the same secret on every machine, 32 characters "
            "or more; `openssl rand -hex 32` makes one"
        )
