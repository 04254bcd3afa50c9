"""Files for programs: sitemaps, robots.txt, security.txt and the health check."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, abort, current_app

from signpost.i18n.locales import all_locales
from signpost.models.urls import listed_pages, states

blueprint = Blueprint("well_known", __name__)

#: How long security.txt is valid. It is generated for each request, so it never expires while the site runs.
_SECURITY_TXT_DAYS = 180


@blueprint.get("/healthz")
def healthz() -> Response:
    return _text("ok\n")


@blueprint.get("/robots.txt")
def robots() -> Response:
    # Disallow nothing: a crawler must fetch a page to see that it is marked noindex.
    return _text(f"User-agent: *\nAllow: /\n\nSitemap: {_base()}/sitemap.xml\n")


@blueprint.get("/.well-known/traffic-advice")
def traffic_advice() -> Response:
    """Asks browsers and search engines not to prefetch our pages before anybody has chosen to come here."""
    return Response(
        '[{"user_agent": "prefetch-proxy", "disallow": true}]\n',
        content_type="application/trafficadvice+json",
    )


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    return sitemap_of(listed_pages(current_app.extensions["content"]))


@blueprint.get("/sitemap-states.xml")
def sitemap_states() -> Response:
    response = sitemap_of(states(current_app.extensions["content"]))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Where to report a security fault (RFC 9116). 404 if the operator has set no contact."""
    address = current_app.config["SIGNPOST"].contact_href or abort(404)
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=_SECURITY_TXT_DAYS)
    return _text(
        f"Contact: {address}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\nPreferred-Languages: en\n"
        f"Canonical: {_base()}/.well-known/security.txt\n"
    )


def _base() -> str:
    return str(current_app.config["SIGNPOST"].base_url)


def _text(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")


def sitemap_of(addresses: list[str]) -> Response:
    """A sitemap of the pages in every language, each with links to its other languages."""
    languages = list(all_locales()) if len(all_locales()) > 1 else []
    entries = []
    for address in addresses:
        alternates = "".join(
            f'<xhtml:link rel="alternate" hreflang="{each.tag}" href="{_base()}{each.root}{address}"/>'
            for each in languages
        )
        entries += [
            f"<url><loc>{_base()}{each.root}{address}</loc>{alternates}</url>\n" for each in all_locales()
        ]
    xhtml = ' xmlns:xhtml="http://www.w3.org/1999/xhtml"' if languages else ""
    return Response(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{xhtml}>\n{"".join(entries)}</urlset>\n',
        content_type="application/xml; charset=utf-8",
    )
