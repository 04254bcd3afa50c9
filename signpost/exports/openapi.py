"""What programs can ask of the directory, as an OpenAPI description."""

from __future__ import annotations

from typing import Any

from signpost.exports.open_data import LICENCE
from signpost.models.urls import API_ROOT, CHANGES, LISTS, OPENAPI

Record = dict[str, Any]

#: The version of the Human Services Data Specification whose shape this is, its documentation and its schemas.
HSDS = "3.0"
_DOCUMENTATION = "https://docs.openreferral.org/"
_SCHEMAS = f"https://raw.githubusercontent.com/openreferral/specification/{HSDS}/schema"
_SCHEMA_OF = {
    "services": f"{_SCHEMAS}/compiled/service.json",
    "taxonomies": f"{_SCHEMAS}/taxonomy.json",
    "taxonomy_terms": f"{_SCHEMAS}/taxonomy_term.json",
}
#: How many records a page has, by default and at most. /data/services.json has all at once.
PAGE = 10


def about_api(base_url: str) -> Record:
    """What ``GET /`` of the API answers: which specification it keeps to."""
    return {"version": HSDS, "profile": _DOCUMENTATION, "openapi_url": base_url + OPENAPI}


def openapi(base_url: str, site_name: str, version: str) -> Record:
    """The description, in OpenAPI 3.1.

    Args:
        base_url: the address of the site, without a slash at its end.
        site_name: the name of the site.
        version: the version of the site's program.
    """
    paths: Record = {
        "/": {"get": _get("getAPIMetaInformation", "Which specification this keeps to.", _ABOUT)},
    }
    for name in LISTS:
        one = name[:-3] + "y" if name.endswith("ies") else name[:-1]
        paths[f"/{name}"] = {
            "get": _get(
                f"list_{name}", f"A page of the list: {name.replace('_', ' ')}.", _page_of(_SCHEMA_OF[name])
            )
            | {"parameters": [*_PAGING, *([_TERM] if name == "services" else [])]}
        }
        paths[f"/{name}/{{id}}"] = {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
            ],
            "get": _get(
                f"get_{one}", f"One {one.replace('_', ' ')}.", {"$ref": _SCHEMA_OF[name]}, missing=True
            ),
        }
    words = "What has changed, and on which day, as an Atom feed."
    found = {"description": words, "content": {"application/atom+xml": {"schema": {"type": "string"}}}}
    paths[f"/{CHANGES.removeprefix(API_ROOT)}"] = {
        "get": {"operationId": "getChanges", "summary": words, "responses": {"200": found}}
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{site_name}: who can help",
            "version": version,
            "description": (
                "The services that this site lists, in the shape of the Human Services Data Specification. Services are"
                " whole wherever they stand. What is not confirmed says so. Fetch it anew each day."
            ),
            "license": {"name": "MIT", "url": LICENCE},
        },
        "servers": [{"url": (base_url + API_ROOT).rstrip("/")}],
        "paths": paths,
    }


def _integer(name: str, words: str, most: int | None = None) -> Record:
    schema = {"type": "integer", "minimum": 1} | ({"maximum": most, "default": most} if most else {})
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema}


_PAGING = [
    _integer("page", "Which page, from 1. One after the last is empty."),
    _integer("per_page", "How many records a page has.", PAGE),
]
_TERM: Record = {
    "name": "taxonomy_term_id",
    "in": "query",
    "required": False,
    "description": "Only services with this term.",
    "schema": {"type": "string", "format": "uuid"},
}
_URI = {"type": "string", "format": "uri"}
_ABOUT = {
    "type": "object",
    "properties": {"version": {"type": "string"}, "profile": _URI, "openapi_url": _URI},
    "required": ["version", "profile", "openapi_url"],
}


def _page_of(schema: str) -> Record:
    whole = {name: {"type": "integer"} for name in ("total_items", "total_pages", "page_number", "size")}
    flags = {name: {"type": "boolean"} for name in ("first_page", "last_page", "empty")}
    contents = {"contents": {"type": "array", "items": {"$ref": schema}}}
    return {
        "type": "object",
        "properties": whole | flags | {"license": _URI} | contents,
        "required": [*whole, *flags, "contents"],
    }


def _get(id_: str, words: str, schema: Record, missing: bool = False) -> Record:
    responses: Record = {"200": {"description": words, "content": {"application/json": {"schema": schema}}}}
    if missing:
        responses["404"] = {"description": "There is none with this id. The answer is a page for people."}
    else:
        responses["400"] = {"description": "An argument cannot be read. The answer is a page for people."}
    return {"operationId": id_, "summary": words, "responses": responses}
