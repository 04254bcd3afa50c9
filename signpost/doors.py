"""What is let in: known hosts, short addresses in their one form, no bodies, and nothing that another website asks for by itself."""

from __future__ import annotations

from flask import Flask, Response, abort, current_app, redirect, request
from werkzeug.wrappers import Response as WSGIResponse

from signpost.addresses import GUESSED_ICON, SHARED, pages
from signpost.languages import KNOWN, split
from signpost.pages import check

_LONGEST_PATH = 2_000
#: No view reads a body; one that is larger than any browser's form is refused by its header alone.
_LARGEST_BODY = 16_384


def _named(host: str, hosts: frozenset[str]) -> bool:
    """Whether a Host header is one of these names, with any port or none."""
    host = host.lower()
    name, _, port = host.rpartition(":")
    return host in hosts or (name in hosts and port.isdecimal())


def for_what_is_shared() -> bool:
    """Whether this asks for what other sites may show and read, in any language, also one that is not shown here."""
    return split(request.environ["PATH_INFO"], KNOWN.values())[1] in SHARED


def from_another_site() -> bool:
    """Whether a page of another site makes the browser ask for this, and nobody followed a link.

    Such a page could count how often a visitor was here, by asking until it is refused, and use up all of their
    limit. Browsers tell who asks (Sec-Fetch-Site) and what for; one that does not is believed. A sibling under
    the same domain is another site too.
    """
    headers = request.headers
    if headers.get("Sec-Fetch-Site") not in ("cross-site", "same-site") or for_what_is_shared():
        return False
    # The first browsers to tell the mode told no destination. A page that is fetched ahead is not shown yet.
    is_page = (
        headers.get("Sec-Fetch-Mode") == "navigate"
        and headers.get("Sec-Fetch-Dest", "document") == "document"
    )
    return not is_page or "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", ""))


def refusal() -> int | None:
    """The status with which this request is refused before anything looks at it; None where it is let in."""
    hosts = current_app.config["SIGNPOST"].trusted_hosts
    if len(request.environ["PATH_INFO"]) > _LONGEST_PATH:
        return 414
    if (request.content_length or 0) > _LARGEST_BODY:
        return 413
    if from_another_site():
        return 403
    if not request.query_string.isascii():  # a browser writes anything else with %
        return 400
    # Not by Flask's TRUSTED_HOSTS: a machine that asks after our health knows no name.
    known = not hosts or _named(request.environ.get("HTTP_HOST", ""), hosts)
    return None if known or request.endpoint == "machines.healthz" else 400


def guard_doors(app: Flask) -> None:
    """Refuses what cannot be a visitor's request, and leads to the one form of each address."""
    # Werkzeug's own redirects carry the Host of the request, so it makes none.
    app.url_map.merge_slashes = False
    guide = app.extensions["guide"]
    roots = [language.root for language in app.extensions["editions"]]
    addresses = {(root + each).strip("/"): root + each for root in roots for each in pages(guide)}
    moved = {(root + old).strip("/"): root + new for root in roots for old, new in guide.moved.items()}
    checks = tuple(f"{root}/check/" for root in roots)

    @app.before_request
    def refuse() -> None:
        if status := refusal():
            abort(status)

    @app.before_request
    def no_such_icon() -> Response | None:
        """Answers a browser that guesses where an icon may be, in as few bytes as can be."""
        guessed = request.method in ("GET", "HEAD") and GUESSED_ICON.fullmatch(request.environ["PATH_INFO"])
        return Response(status=204) if guessed else None

    @app.before_request
    def one_form() -> WSGIResponse | str | None:
        """Leads a known address with slashes too many or too few, or with capitals, to its one form, and one that is gone on."""
        path = request.environ["PATH_INFO"]  # request.path has lost slashes already
        bare = "/".join(filter(None, path.split("/")))
        if bare in moved:
            return redirect(moved[bare], 302)
        known = addresses.get(bare) or addresses.get(bare.lower())  # a phone writes a capital by itself
        if known and known != path:
            # Text browsers (w3m, Lynx) do not follow a 308.
            return redirect(known, 301)
        # A path of the journey finds its own form; nothing else has a second one.
        if f"/{bare}".startswith(checks) and "//" in path:
            return check(bare.partition("check/")[2])
        if not known and (path.startswith("//") or (path.endswith("/") and not path.startswith(checks))):
            abort(404)
        return None
