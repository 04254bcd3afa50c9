"""Checks that the web addresses in the content still answer. Asks each once, several hosts at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO, Literal
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from signpost.models.content import Content
from signpost.models.markdown import links

#: "dead" is gone permanently (404, 410), "moved" (301, 308) redirects permanently, and "unreachable" is
#: anything that may be temporary or aimed at programs: a time-out, a 403, a 503.
Verdict = Literal["works", "moved", "dead", "unreachable"]

_HOSTS_AT_ONCE = 8
_SECONDS = 10
_GONE = (404, 410)
_FOR_GOOD = (301, 308)


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The outcome of asking one address. ``detail`` is where it moved to, or what went wrong.

    ``answered`` tells whether a server answered at all.
    """

    address: str
    verdict: Verdict
    detail: str = ""
    answered: bool = True


class _Redirects(HTTPRedirectHandler):
    """Follows redirects as browsers do, and remembers whether all were permanent."""

    def __init__(self) -> None:
        self.for_good: list[bool] = []

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        self.for_good.append(code in _FOR_GOOD)
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None:
            following.method = req.get_method()
        return following


def addresses(content: Content) -> dict[str, list[str]]:
    """Every web address in the content, mapped to the files that contain it."""
    found: dict[str, list[str]] = {}

    def add(address: str, file: str) -> None:
        if address.startswith(("https://", "http://")) and file not in found.setdefault(address, []):
            found[address].append(file)

    for route in content.directory.routes.values():
        for address in (*(c.address for c in route.contacts), *(s.address for s in route.sources.values())):
            add(address, f"routes/{route.id}.toml")
    for topic in content.advice.values():
        for source in topic.sources.values():
            add(source.address, f"advice/{topic.id}.toml")
    for file, _, text in content.running_texts():
        for link in links(text):
            add(f"{link.scheme}:{link.target}", file)
    return found


def ask_all(found: list[str], agent: str, seconds: float = _SECONDS) -> Iterator[LinkStatus]:
    """Asks every address, and yields each outcome as it comes. Sends one request at a time to each host.

    Args:
        found: the addresses.
        agent: the User-Agent to send.
        seconds: how many seconds to wait for an answer.
    """
    hosts: dict[str, list[str]] = {}
    for address in found:
        hosts.setdefault(address.split("/")[2], []).append(address)

    def ask_host(host: str) -> list[LinkStatus]:
        return [ask(address, agent, seconds) for address in hosts[host]]

    with ThreadPoolExecutor(_HOSTS_AT_ONCE) as pool:
        for done in as_completed([pool.submit(ask_host, host) for host in hosts]):
            yield from done.result()


def ask(address: str, agent: str, seconds: float = _SECONDS) -> LinkStatus:
    """Asks one address with HEAD, and with GET if HEAD fails. Never reads a body."""
    answer = _ask(address, "HEAD", agent, seconds)
    return answer if answer.verdict in ("works", "moved") else _ask(address, "GET", agent, seconds)


def _ask(address: str, method: str, agent: str, seconds: float) -> LinkStatus:
    redirects = _Redirects()
    try:
        request = Request(address, method=method, headers={"User-Agent": agent})  # noqa: S310 (see addresses)
        with build_opener(redirects).open(request, timeout=seconds) as response:
            moved = redirects.for_good and redirects.for_good[0]
            return LinkStatus(address, "moved" if moved else "works", response.url if moved else "")
    except HTTPError as error:
        error.close()
        return LinkStatus(address, "dead" if error.code in _GONE else "unreachable", f"answers {error.code}")
    except (URLError, HTTPException, OSError, ValueError) as error:
        detail = str(getattr(error, "reason", error)) or type(error).__name__
        return LinkStatus(address, "unreachable", detail, answered=False)
