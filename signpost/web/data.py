"""Open data for other programs: the directory, and the journey in each language.

Long files are made once a day, by prerender.py or for the first program that requests one. Response times reveal nothing
about visitors, because their pages use none of these files. A program may also request a page of a list, which has at most
``PAGE`` records and takes no longer than a page for visitors.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar, cast

from flask import Blueprint, abort, current_app, request
from werkzeug.wrappers import Response

from signpost.exports.changes_feed import changes_feed
from signpost.exports.directory_csv import directory_csv
from signpost.exports.journey_data import journey_data
from signpost.exports.journey_schema import journey_schema
from signpost.exports.open_data import LICENCE, Record, Today, page, services
from signpost.exports.openapi import PAGE, about_api, openapi
from signpost.exports.taxonomies import NOT_CONFIRMED, TAXONOMIES, TERMS
from signpost.i18n.locales import current_locale, localized_url, page_state
from signpost.models.recording import unrecorded
from signpost.models.urls import (
    API_ROOT,
    CHANGES,
    JOURNEY_DATA,
    JOURNEY_SCHEMA,
    LISTS,
    OPEN_DATA,
    OPENAPI,
    SERVICES_CSV,
)
from signpost.web.templating import current_minute

blueprint = Blueprint("data", __name__)

JSON, ATOM = "application/json; charset=utf-8", "application/atom+xml; charset=utf-8"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Packed:
    """A record of one of the API's lists, as compressed JSON. All services take two megabytes less than as objects.

    Attributes:
        id: its identifier.
        terms: the identifiers of the taxonomy terms that it has.
        packed: the record.
    """

    id: str
    terms: frozenset[str]
    packed: bytes

    @classmethod
    def pack(cls, record: Record) -> _Packed:
        terms = frozenset(mark["taxonomy_term_id"] for mark in record.get("attributes", ()))
        return cls(record["id"], terms, zlib.compress(_json(record)))

    def unpack(self) -> Record:
        return cast(Record, json.loads(zlib.decompress(self.packed)))


@blueprint.get(OPEN_DATA)
def open_data() -> Response:
    """Every service on one page, which says that it is the last. A program that asks for another all the same gets none."""
    if (number := _argument("page", 1)) > 1:
        return _data(_json(page(_list("services"), number)), JSON)

    def make() -> bytes:
        return _json(page([each.unpack() for each in _list("services")]))

    return _data(_kept_packed("services.json", _today(), make), JSON)


@blueprint.get(SERVICES_CSV)
def table() -> Response:
    """The directory as a table. Begins with a byte order mark: without one, Excel takes UTF-8 for Latin-1."""
    content, base_url = current_app.extensions["content"], current_app.config["SIGNPOST"].base_url
    return _data(
        _kept_packed("table", None, lambda: directory_csv(content, base_url).encode("utf-8-sig")),
        "text/csv; charset=utf-8",
    )


@blueprint.get(CHANGES)
def changes() -> Response:
    locale, config = current_locale(), current_app.config["SIGNPOST"]
    author, english = config.operator or config.site_name, current_app.extensions["content"]
    return _data(
        _kept_packed(
            f"changes {locale.language.code}",
            None,
            lambda: changes_feed(locale, unrecorded(english), config.base_url, author).encode(),
        ),
        ATOM,
    )


@blueprint.get(API_ROOT)
def api() -> Response:
    return _data(_json(about_api(current_app.config["SIGNPOST"].base_url)), JSON)


@blueprint.get(OPENAPI)
def description() -> Response:
    config = current_app.config["SIGNPOST"]
    return _data(_json(openapi(config.base_url, config.site_name, current_app.config["VERSION"])), JSON)


def listing(name: str) -> Response:
    """A page of one of the API's lists."""
    records = _list(name)
    if name == "services" and (term := page_state().get("taxonomy_term_id")):
        records = [each for each in records if term in each.terms]
    size = min(_argument("per_page", PAGE), PAGE)
    found = page(records, _argument("page", 1), size)
    return _data(_json(found | {"contents": [each.unpack() for each in found["contents"]]}), JSON)


def record(name: str, record_id: str) -> Response:
    """One record of one of the API's lists."""
    found = next((each for each in _list(name) if each.id == record_id), None)
    return _data(_json((found or abort(404)).unpack()), JSON)


for _name in LISTS:
    blueprint.add_url_rule(f"{API_ROOT}{_name}", f"list_{_name}", partial(listing, _name))
    blueprint.add_url_rule(f"{API_ROOT}{_name}/<record_id>", f"get_{_name}", partial(record, _name))


@blueprint.get(JOURNEY_DATA)
def journey() -> Response:
    locale, base_url = current_locale(), current_app.config["SIGNPOST"].base_url
    response = _data(
        _kept_packed(
            f"journey {locale.language.code}",
            None,
            lambda: _json(journey_data(locale, base_url, current_app.config["VERSION"])),
        ),
        JSON,
    )
    response.headers["Link"] += f', <{base_url}{JOURNEY_SCHEMA}>; rel="describedby"'
    return response


@blueprint.get(JOURNEY_SCHEMA)
def schema() -> Response:
    return _data(_json(journey_schema(current_app.config["SIGNPOST"].base_url)), JSON)


def shared(body: str | bytes, kind: str) -> Response:
    """A response for other sites, with an ETag: a client that already has it gets an empty 304."""
    response = Response(body, content_type=kind)
    response.add_etag()
    return response.make_conditional(request.environ)


def _data(body: bytes, kind: str) -> Response:
    response = shared(body, kind)
    feed = current_app.config["SIGNPOST"].base_url + localized_url(CHANGES)
    response.headers["Link"] = f'<{LICENCE}>; rel="license", <{feed}>; rel="version-history"'
    return response


def _today() -> date:
    return current_minute().date()


def _list(name: str) -> list[_Packed]:
    return _kept(name, _today(), lambda: [_Packed.pack(each) for each in _records(name)])


def _records(name: str) -> list[Record]:
    if name == "services":
        content, hours_days = current_app.extensions["content"], current_app.config["SIGNPOST"].hours_days
        return services(content, Today(_today(), content.manifest.calendar, hours_days))
    if name == "taxonomies":
        return [each.record for each in TAXONOMIES]
    # Another charity's content may use few of them.
    used = {term for each in _list("services") for term in each.terms}
    return [each.record for each in TERMS if each.id in used or each == NOT_CONFIRMED]


def _argument(name: str, default: int) -> int:
    """A whole number from 1 in the query; a 400 for anything else."""
    text = page_state().get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and int(text) > 0):
        abort(400)
    return int(text)


def _kept(name: str, day: date | None, make: Callable[[], T]) -> T:
    """What ``make`` returns, kept for a day, or for as long as the process serves if it depends on no day."""
    kept: dict[str, tuple[date | None, Any]] = current_app.extensions.setdefault("data", {})
    found = kept.get(name)
    if found is None or found[0] != day:
        found = kept[name] = day, make()
    return cast(T, found[1])


def _kept_packed(name: str, day: date | None, make: Callable[[], bytes]) -> bytes:
    """Like ``_kept``, but compressed, which saves two megabytes. To unpack the longest takes one millisecond."""
    return zlib.decompress(_kept(name, day, lambda: zlib.compress(make())))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
