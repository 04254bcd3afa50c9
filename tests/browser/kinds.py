"""Every kind of page, with one path for each, for tests of layout and accessibility."""

from __future__ import annotations

from tests.states import EVERY_STATE

KINDS = {
    "start": "/",
    "question": "/check/n",
    "first question": "/check/",
    "question in error": "/check/n?go=1",
    "moved question": "/check/n?moved=1",
    "danger now": "/check/y",
    "result": "/check/n/o/h/n",
    "result for a child": "/check/n/c/m/b/e",
    "result about oneself": "/check/n/m/v",
    "result from abroad": "/check/n/x/c",
    "who can help": "/help/",
    "route": "/help/stop-it-now",
    "advice": "/advice/pictures",
    "entry": "/for/parents",
    "hide your visit": "/hide-your-visit",
    "about": "/about",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "partners": "/partners?service=nspcc",
    "numbers": "/numbers/police+nspcc",
    "outline": "/journey",
    "failure": "/no-such-page",
}

#: Files of each kind that a visitor can open by itself.
FILES = (
    "/badge.svg",
    "/badge.png",
    "/data/services.json",
    "/data/journey.json",
    "/robots.txt",
    "/sitemap.xml",
    "/static/style.css",
)

#: The pages in Welsh, which is longer, so it is tested separately.
IN_WELSH = {f"{kind}, in Welsh": f"/cy{address}" for kind, address in KINDS.items()}

#: Every kind but the outline. It lists every question and result, so it has a third of all the controls, and what takes
#: long for each of them takes longer on it than on all others. With EVERY_STATE (``make a11y``), the outline too.
SHORT = {kind: address for kind, address in KINDS.items() if EVERY_STATE or kind != "outline"}

#: A few kinds that have every part of a page between them. For a second look at what another test, width or language
#: showed of every kind. With EVERY_STATE (``make a11y``), every kind.
FEW = dict(KINDS)
if not EVERY_STATE:
    FEW = {
        kind: KINDS[kind]
        for kind in ("start", "question in error", "result for a child", "who can help", "partners")
    }
FEW_IN_WELSH = {f"{kind}, in Welsh": f"/cy{address}" for kind, address in FEW.items()}

#: The widths at which a page must work: a small phone and a wide screen.
NARROW, WIDE = 320, 1280
