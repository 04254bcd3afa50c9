"""The journey as data: questions, answers and results as JSON, for a charity's app or chatbot.

A program that walks it needs no rule of ours. Which steps a visitor is shown depends on what all their answers imply, so
each end of a path is written out as an outcome, evaluated by the same code as our pages. Ways that lead on in the same
manner share one node, so that two thousand paths take about a hundred nodes.

``journey_schema`` describes every field.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from signpost.exports.open_data import LICENCE, filled, known, service_id
from signpost.i18n.fallback import place_marks, without_marks
from signpost.i18n.hours_text import sentence
from signpost.i18n.locales import Locale
from signpost.models.content import Content, Emergency
from signpost.models.directory import Contact, Route
from signpost.models.hours import Hours
from signpost.models.journey import Answer, Question, Result, Situation, Walk
from signpost.models.markdown import MarkdownRenderer
from signpost.models.outcome import Outcome, VisibleStep
from signpost.models.text import Untranslated
from signpost.models.urls import JOURNEY_SCHEMA, check_url

Record = dict[str, Any]


def journey_data(locale: Locale, base_url: str, version: str) -> Record:
    """The whole journey in one language.

    Args:
        locale: the language.
        base_url: the address of the site, without a slash at its end.
        version: the version of the site's program.
    """
    english: list[str] = []
    whole: Record = _unmarked(_Writer(locale, base_url).whole(version), "", english)
    return whole | {"untranslated": english}


class _Writer:
    """Writes the journey in one language. Running text becomes HTML whose links name this site in full."""

    def __init__(self, locale: Locale, base_url: str) -> None:
        self.content: Content = locale.content
        self.locale = locale.marked
        self.base_url = base_url
        self.site = base_url + locale.language.root
        self.html = MarkdownRenderer(
            locale.content.directory, self.site, self.locale.translations, rtl=locale.language.rtl
        )

    def whole(self, version: str) -> Record:
        journey, directory = self.content.journey, self.content.directory
        graph = _Graph(self.content)
        first, last = self.content.checked
        return {
            "$schema": self.base_url + JOURNEY_SCHEMA,
            "version": version,
            "license": LICENCE,
            "language": self.locale.language.tag,
            "content_date": last.isoformat(),
            "oldest_check": first.isoformat(),
            "untranslated": [],
            "path_url": self.site + check_url(()),
            "emergency": self._emergency(self.content.emergency),
            "start": graph.start,
            "nodes": graph.nodes,
            "outcomes": [self._outcome(outcome) for outcome in graph.outcomes],
            "questions": {id_: self._question(each) for id_, each in journey.questions.items()},
            "results": {id_: self._result(each) for id_, each in journey.results.items()},
            "notices": {
                id_: filled(title=each.title, body=self._html(each.body), more=self._html(each.more))
                for id_, each in journey.notices.items()
            },
            "routes": {id_: self._route(each) for id_, each in directory.routes.items()},
            "advice": {
                id_: {"title": each.title, "summary": each.summary, "url": f"{self.site}/advice/{id_}"}
                for id_, each in self.content.advice.items()
            },
            "entries": {
                id_: {
                    "title": each.title,
                    "link": each.link,
                    "url": f"{self.site}/for/{id_}",
                    "answers": each.answers,
                }
                for id_, each in journey.entries.items()
            },
        }

    def _html(self, text: str) -> str:
        return place_marks(str(self.html(text))).strip() if text else ""

    def _emergency(self, emergency: Emergency) -> Record:
        contact = self.content.emergency_route.primary_contact
        return filled(
            number=contact.text,
            href=contact.href,
            call=emergency.call,
            when=list(emergency.when),
            in_short=emergency.in_short,
            ways=self._html(emergency.ways),
            more=self._html(emergency.more),
            crisis=self._html(emergency.crisis_words),
            outside_uk=filled(
                number=emergency.abroad_number,
                href=f"tel:{emergency.abroad_number}",
                call=emergency.abroad_call or emergency.abroad,
                ways=self._html(emergency.abroad_ways),
                more=emergency.abroad,
                crisis=self._html(emergency.crisis_abroad),
            ),
        )

    def _question(self, question: Question) -> Record:
        return filled(
            title=question.title,
            hint=question.hint,
            answers=[self._answer(each) for each in question.answers],
        )

    def _answer(self, answer: Answer) -> Record:
        return filled(
            code=answer.code,
            label=answer.label,
            hint=answer.hint,
            group=answer.group,
            implies=_implied(answer.implies),
        )

    def _result(self, result: Result) -> Record:
        return filled(
            title=result.title,
            lead=self._html(result.lead),
            when_shut=self._html(result.when_shut),
            advice=list(result.advice),
        )

    def _outcome(self, outcome: Outcome) -> Record:
        situation = outcome.situation
        return {
            "result": outcome.walk.ends_at,
            "danger": situation.danger,
            "under_18": situation.young,
            "outside_uk": situation.abroad,
            "steps": self._steps(outcome.steps, situation.abroad),
            "after": self._steps(outcome.after, situation.abroad),
            "crisis": self._steps((VisibleStep(route) for route in outcome.crisis), situation.abroad),
            "show_crisis": outcome.result.crisis,
            "crisis_first": outcome.crisis_first,
            "limits_first": outcome.limits_first,
            "may_share": outcome.may_share,
        }

    def _steps(self, steps: Iterable[VisibleStep], abroad: bool) -> list[Record]:
        return [{"notice": step.notice.id} if step.notice else self._card(step, abroad) for step in steps]

    def _card(self, step: VisibleStep, abroad: bool) -> Record:
        assert step.route is not None
        places = [step.route.contacts.index(each) for each in step.contacts(abroad)]
        return filled(route=step.route.id, why=step.why) | {"contacts": places}

    def _route(self, route: Route) -> Record:
        privacy, children = route.privacy, route.children
        return filled(
            name=route.name,
            organisation=route.organisation,
            summary=route.summary,
            who=route.who,
            not_for=route.not_for,
            unconfirmed=route.unconfirmed,
            ages={"youngest": route.ages.youngest, "oldest": route.ages.oldest},
            nations=list(route.nations),
            roles=list(route.roles),
            contacts=[self._contact(each) for each in route.contacts],
            privacy={
                "name_needed": privacy.name_needed,
                "words": privacy.words,
                "confirmed": privacy.confidence == "high",
            },
            for_children=children and {each.name: getattr(children, each.name) for each in fields(children)},
            next=known(route.next),
            access=known(route.access),
            languages=known(route.languages),
            checked=route.checked.isoformat(),
            url=f"{self.site}/help/{route.id}",
            service_id=service_id(route),
        )

    def _contact(self, contact: Contact) -> Record:
        return filled(
            kind=contact.kind,
            label=contact.label,
            number=contact.number,
            sms_keyword=contact.sms_keyword,
            address=contact.address,
            href=contact.href,
            note=contact.note,
            confirmed=contact.confidence == "high",
            reachable_from=contact.reachable_from,
            purpose=list(contact.purpose),
            cost=known(contact.cost),
            cost_confirmed=contact.cost_confidence == "high" if known(contact.cost) else None,
            hours=self._hours(contact.hours),
        )

    def _hours(self, hours: Hours) -> Record | None:
        """The hours in words that are true at any minute, or None if nothing is known.

        They never say that a line with limited hours is open: `/data/services.json` has the times that are sure.
        """
        say, sure = self.locale.translations.gettext, hours.confidence == "high"
        week = self.locale.hours.week(hours)
        match hours.open:
            case "always":
                words = sentence(say("24 hours, every day.") if sure else say("Usually day and night."))
            case "any-time":
                words = say("Send any time. Not for danger now.")
            case _ if week:
                words = say("Usually %(words)s.") % {"words": say("%(hours)s, UK time") % {"hours": week}}
            case _:
                return None
        holidays = self.locale.hours.holidays(hours, self.locale.in_nation) if hours.open == "limited" else ""
        return filled(
            open=hours.open,
            words=" ".join(filter(None, (words, holidays))),
            confirmed=sure,
            valid_from=hours.begins and hours.begins.isoformat(),
            valid_to=hours.ends and hours.ends.isoformat(),
        )


def _unmarked(value: Any, pointer: str, english: list[str]) -> Any:
    """The same without the marks of texts that are not translated, whose places it adds to ``english``."""
    match value:
        case dict():
            return {name: _unmarked(each, f"{pointer}/{name}", english) for name, each in value.items()}
        case list():
            return [_unmarked(each, f"{pointer}/{place}", english) for place, each in enumerate(value)]
        case str() if isinstance(value, Untranslated) or (value != without_marks(value)):
            english.append(pointer)
            return without_marks(value)
        case _:
            return value


class _Graph:
    """The journey as nodes, and the outcomes at which they end. What is the same is there once.

    Attributes:
        nodes: each a question and, by the code of each answer, where it leads: to a node or to an outcome.
        outcomes: what the ends of all paths show.
        start: the number of the first node.
    """

    def __init__(self, content: Content) -> None:
        self.nodes: list[Record] = []
        self.outcomes: list[Outcome] = []
        self._content = content
        self._numbers: dict[object, int] = {}
        self._ends: dict[tuple[str, Situation], int] = {}
        self.start: int = self._place(content.journey.start())["node"]

    def _place(self, walk: Walk) -> dict[str, int]:
        if walk.question is None:
            end = walk.ends_at, walk.situation
            if end not in self._ends:
                self._ends[end] = self._end(Outcome(self._content, walk))
            return {"outcome": self._ends[end]}
        journey, question = self._content.journey, walk.question
        leads = {answer.code: self._place(journey.step(walk, answer)) for answer in question.answers}
        key = question.id, str(leads)
        if key not in self._numbers:
            self._numbers[key] = len(self.nodes)
            self.nodes.append({"question": question.id, "answers": leads})
        return {"node": self._numbers[key]}

    def _end(self, outcome: Outcome) -> int:
        situation = outcome.situation
        key = (
            outcome.walk.ends_at,
            (situation.danger, situation.young, situation.abroad),
            _shown(outcome.steps),
            _shown(outcome.after),
            tuple(route.id for route in outcome.crisis),
            (outcome.crisis_first, outcome.limits_first, outcome.may_share),
        )
        if key not in self._numbers:
            self._numbers[key] = len(self.outcomes)
            self.outcomes.append(outcome)
        return self._numbers[key]


def _shown(steps: Iterable[VisibleStep]) -> tuple[object, ...]:
    """What tells steps from others. Not their ``repr``: with all of each route in it, that took 17 MB for all outcomes."""
    return tuple(
        (each.route and each.route.id, each.why, each.notice and each.notice.id, each.first, each.by)
        for each in steps
    )


def _implied(situation: Situation) -> Record:
    """What is known in a situation; what is not known is left out."""
    facts = {each.name: getattr(situation, each.name) for each in fields(situation)}
    return filled(
        **{name: value for name, value in facts.items() if value} | {"topics": sorted(situation.topics)}
    )
