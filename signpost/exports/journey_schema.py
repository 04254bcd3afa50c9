"""The JSON Schema of the journey as data (``journey_data``), which is also its documentation."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

from signpost.models.directory import Kind, NameNeeded, Nation, Role
from signpost.models.journey import Age, Situation, Topic
from signpost.models.urls import JOURNEY_SCHEMA

Schema = dict[str, Any]


def journey_schema(base_url: str) -> Schema:
    """The schema, in JSON Schema 2020-12.

    Args:
        base_url: the address of the site, without a slash at its end.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": base_url + JOURNEY_SCHEMA,
        "title": "A journey through questions to the people who can help",
        "description": (
            "Begin at nodes[start]. Ask its question. The chosen answer's code leads to another node, or to an outcome,"
            " which says what to show and in which order. Show the emergency number with every question and outcome."
            " path_url, followed by the codes with “/” between them, is the page of this site that shows the same."
            " Fetch the data anew each day, because a number may change. Keep no record of anybody's answers."
        ),
        **_record(
            {
                "$schema": _URL,
                "version": _text("The version of the program that wrote this."),
                "license": _URL,
                "language": _text(
                    "The language of the words, as a BCP 47 tag. A text that is not translated yet is in English."
                ),
                "untranslated": _described(
                    _list(_text("A JSON Pointer (RFC 6901).")),
                    "Where a text is in English, at least in part, because it is not translated yet. Mark it as en-GB for"
                    " screen readers. HTML marks its own.",
                ),
                "content_date": _date(
                    "The newest day on which a fact was checked, of a service or a page of advice. Words may be newer."
                ),
                "oldest_check": _date("The oldest day on which one was checked."),
                "path_url": _URL,
                "emergency": _ref("emergency"),
                "start": _number("nodes"),
                "nodes": _list(_ref("node")),
                "outcomes": _list(_ref("outcome")),
                "questions": _by_id(_ref("question")),
                "results": _by_id(_ref("result")),
                "notices": _by_id(_ref("notice")),
                "routes": _by_id(_ref("route")),
                "advice": _by_id(_ref("advice")),
                "entries": _by_id(_ref("entry")),
            }
        ),
        "$defs": _definitions(),
    }


_URL: Schema = {"type": "string", "format": "uri"}
_TRUE_OR_FALSE: Schema = {"type": "boolean"}


def _definitions() -> Schema:
    return {
        "node": _record(
            {
                "question": _text("The id of the question to ask."),
                "answers": {
                    "type": "object",
                    "description": "By the code of each answer, where it leads.",
                    "additionalProperties": {
                        "oneOf": [
                            _record({"node": _number("nodes")}),
                            _record({"outcome": _number("outcomes")}),
                        ]
                    },
                },
            }
        ),
        "outcome": _record(
            {
                "result": _text("The id of the result, which has the words above and below the steps."),
                "danger": _described(
                    _TRUE_OR_FALSE, "Somebody is in danger now: show the emergency number first."
                ),
                "under_18": _described(
                    _TRUE_OR_FALSE, "The visitor is under 18: show for_children of each route."
                ),
                "outside_uk": _described(
                    _TRUE_OR_FALSE, "Show emergency.outside_uk in place of the UK's number."
                ),
                "steps": _described(_list(_ref("step")), "What to show, in this order."),
                "after": _described(_list(_ref("step")), "What to show for after the emergency call."),
                "crisis": _described(
                    _list(_ref("step")), "Services for a visitor who may be thinking of ending their life."
                ),
                "show_crisis": _described(
                    _TRUE_OR_FALSE, "Show emergency.crisis (or that of outside_uk) with the crisis services."
                ),
                "crisis_first": _described(
                    _TRUE_OR_FALSE, "Show them after the first service, not at the end."
                ),
                "limits_first": _described(
                    _TRUE_OR_FALSE,
                    "The visitor may be afraid to call: show privacy.words of the first service before its number.",
                ),
                "may_share": _described(
                    _TRUE_OR_FALSE, "Whether to offer to send the numbers to somebody. If false, never do."
                ),
            }
        ),
        "step": {
            "oneOf": [
                _record({"notice": _text("The id of a notice.")}),
                _record(
                    {
                        "route": _text("The id of a route."),
                        "contacts": _described(
                            _list({"type": "integer", "minimum": 0}),
                            "The contacts that work for this visitor, by their position in the route's list from 0,"
                            " in the order in which to show them. The first is the button.",
                        ),
                    },
                    {"why": _text("Why it is shown here.")},
                ),
            ]
        },
        "question": _record(
            {"title": _text("The question."), "answers": _list(_ref("answer"))},
            {"hint": _text("Stands below it.")},
        ),
        "answer": _record(
            {
                "code": {"type": "string", "pattern": "^[a-z0-9]{1,3}$"},
                "label": _text("The answer."),
            },
            {
                "hint": _text("Stands below it."),
                "group": _text("A heading above it and its neighbours with the same one."),
                "implies": _ref("implies"),
            },
        ),
        "implies": {
            **_record(
                {},
                {
                    "danger": _TRUE_OR_FALSE,
                    "age": _one_of(Age),
                    "nation": _one_of(Nation),
                    "picture": _one_of(_literal("picture")),
                    "image": _one_of(_literal("image")),
                    "topics": _list(_one_of(Topic)),
                },
            ),
            "description": (
                "What the answer says about the visitor; nothing if it is empty or absent. For information: the outcomes"
                " have taken it into account already."
            ),
        },
        "result": _record(
            {"title": _text("The heading.")},
            {
                "lead": _html("Stands above the steps."),
                "when_shut": _html("What to do if nobody answers. Stands below the steps."),
                "advice": _list(_text("The id of a page of advice.")),
            },
        ),
        "notice": _record(
            {"title": _text("The heading."), "body": _html("Always in view.")},
            {"more": _html("May be in a fold.")},
        ),
        "route": _record(
            {
                "name": _text("The service."),
                "organisation": _text("Who runs it."),
                "summary": _text("What it does."),
                "who": _text("Whom it is for."),
                "ages": _record({"youngest": {"type": "integer"}, "oldest": {"type": "integer"}}),
                "nations": _list(_one_of(Nation)),
                "roles": _list(_one_of(Role)),
                "contacts": _list(_ref("contact")),
                "privacy": _record(
                    {
                        "name_needed": _one_of(NameNeeded),
                        "words": _text("Whether they need a name, and what they may pass on."),
                        "confirmed": _TRUE_OR_FALSE,
                    }
                ),
                "checked": _date("The day of the oldest check of any of its facts."),
                "url": _URL,
                "service_id": _described(
                    {"type": "string", "format": "uuid"},
                    "Its id in /data/services.json, which has opening times.",
                ),
            },
            {
                "not_for": _text("Whom it is not for."),
                "unconfirmed": _text("What could not be confirmed. Show it with the service."),
                "for_children": _record(
                    {
                        "in_short": {"type": "string"},
                        "contacts_back": _text("Whether they can contact the child."),
                        "may_tell": _text("Whom they may tell."),
                        "leaves_behind": _text("What contact with them leaves on a phone or a bill."),
                    }
                ),
                "next": _text("What happens next."),
                "access": _text("What they offer to people who are Deaf or cannot speak."),
                "languages": _text("Languages other than English."),
            },
        ),
        "contact": _record(
            {
                "kind": _one_of(Kind),
                "confirmed": _described(
                    _TRUE_OR_FALSE, "If false, say that the number or address is not confirmed."
                ),
                "reachable_from": {"enum": ["uk", "abroad", "anywhere"]},
            },
            {
                "label": _text("Stands before the number, or as the words of the link."),
                "number": _text("As the service writes it."),
                "sms_keyword": _text("The word to text."),
                "address": _text("A web or e-mail address."),
                "href": _text("For a link: tel:, sms:, mailto: or https:."),
                "note": _text("What to know about it."),
                "purpose": _list({"enum": ["report", "talk", "remove", "ask"]}),
                "cost": {"enum": ["free", "charged"]},
                "cost_confirmed": _TRUE_OR_FALSE,
                "hours": _record(
                    {
                        "open": {"enum": ["always", "limited", "any-time", "unknown"]},
                        "words": _text("True at any minute. Do not say from this that a line is open now."),
                        "confirmed": _TRUE_OR_FALSE,
                    },
                    {"valid_from": _date("Not known before."), "valid_to": _date("Not known afterwards.")},
                ),
            },
        ),
        "advice": _record(
            {"title": _text("The heading."), "summary": _text("What it is about."), "url": _URL}
        ),
        "entry": _record(
            {
                "title": _text("Whom it is for."),
                "link": _text("The words of a link to it."),
                "url": _URL,
                "answers": {
                    "type": "object",
                    "description": (
                        "Ask the question of nodes[start] all the same. After it, do not ask the questions with these ids:"
                        " the answer is the code given here."
                    ),
                    "additionalProperties": {"type": "string"},
                },
            }
        ),
        "emergency": _record(
            {
                "number": _text("Whom to call."),
                "href": _text("For a link."),
                "call": _text("A heading."),
                "when": _list(_text("A reason to call.")),
                "outside_uk": _record(
                    {"number": _text("Whom to call."), "href": _text("For a link.")},
                    {
                        "call": _text("A heading."),
                        "ways": _html("If they cannot speak or hear."),
                        "more": _text("Other numbers."),
                        "crisis": _html("For a crisis."),
                    },
                ),
            },
            {
                "in_short": _text("All reasons in a sentence."),
                "ways": _html("If they cannot speak or hear."),
                "more": _html("What else to do."),
                "crisis": _html("Stands above the services for a crisis."),
            },
        ),
    }


def _literal(field: str) -> Any:
    """The type of a field of a situation, without None."""
    return next(each for each in get_args(get_type_hints(Situation)[field]) if get_args(each))


def _record(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def _described(schema: Schema, words: str) -> Schema:
    return schema | {"description": words}


def _text(words: str) -> Schema:
    return {"type": "string", "minLength": 1, "description": words}


def _html(words: str) -> Schema:
    return _text(
        f"{words} HTML: paragraphs, lists, emphasis and links with full addresses; in a div that names its"
        " language, if it is not translated yet."
    )


def _date(words: str) -> Schema:
    return {"type": "string", "format": "date", "description": words}


def _number(of: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": f"A position in {of}, from 0."}


def _one_of(literal: Any) -> Schema:
    return {"enum": list(get_args(literal))}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _by_id(of: Schema) -> Schema:
    return {"type": "object", "additionalProperties": of}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
