"""The journey: questions, answers and results, and how a path of answer codes leads through them.

Everything here is pure: content in, walks out. ``checks/rules.py`` holds the rules a walk must obey;
``checks/graph.py`` checks that the graph has no gaps, dead ends or cycles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from signpost.models.directory import Ages, Kind, Nation
from signpost.models.errors import ContentProblem
from signpost.models.text import RunningText, Translatable
from signpost.models.toml import files_in, read_tables

Age = Literal["under-13", "13-17", "under-18", "18", "adult"]
Topic = Literal[
    "known-adult",  # an adult known to the visitor may be harming a child
    "child-worry",  # an adult's worry that a child may be harmed, or that a crime was done to one
    "self-worry",  # the visitor's own thoughts or behaviour, or what they are said to have done
    "own-fear",  # thoughts that frighten the visitor, as after a birth: a matter for a doctor
    "doing",  # the visitor may be harming a child, or fears to
    "investigated",  # the police or others are investigating the visitor, or the visitor's child
    "accused",  # the visitor says that they did nothing
    "law",  # the visitor asks whether something is a crime
    "blackmail",
    "own-image",
    "arrest",  # the visitor or a relative was arrested, searched or accused
    "coerced",  # a child is being forced to hurt themselves, an animal or others
    "survivor",
    "supporter",  # of an adult who was harmed as a child
    "contact",  # somebody is contacting a child
    "seen-image",
    "work",  # about somebody who works with children, or whom the visitor met at work
    "host",  # the visitor runs a site, a server, a game or a group
    "behaviour",  # what a child may have done to another child
    "hunters",
    "unnamed",  # the visitor must stay anonymous
    "recent",  # it happened in the last few days
    "talk",  # the visitor wants to talk to somebody, about anything
    "other",  # none of these: a general worry
]

#: Topics that may be about the visitor, or about pictures of somebody close: results offer no sharing.
_TOO_CLOSE: frozenset[Topic] = frozenset(
    {
        "self-worry",
        "survivor",
        "own-image",
        "blackmail",
        "talk",
        "arrest",
        "investigated",
        "accused",
        "law",
        "supporter",
    }
)

AGES: dict[Age, Ages] = {
    "under-13": Ages(0, 12),
    "13-17": Ages(13, 17),
    "under-18": Ages(0, 17),
    "18": Ages(18, 18),
    "adult": Ages(18, 120),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """What one answer, or all answers so far, imply about the visitor. None means not asked or not known.

    ``nation`` is where the child lives, or "abroad" for a visitor outside the UK. ``picture`` is the age of
    the person in a picture: "child" is also used for "not sure" and for computer-made pictures. ``image`` is
    how the visitor came across a picture.
    """

    danger: bool = False
    age: Age | None = None
    nation: Nation | None = None
    picture: Literal["child", "adult"] | None = None
    image: Literal["found", "mine", "viewing"] | None = None
    topics: frozenset[Topic] = frozenset()

    def updated_with(self, implied: Situation) -> Situation:
        """This situation plus what one more answer implies, which overrides earlier answers."""
        return self if implied == _NOTHING else _updated(self, implied)

    @property
    def ages(self) -> Ages:
        """The visitor's age as a span. If not known, 18, so that only routes that serve 18-year-olds are shown."""
        return AGES[self.age] if self.age else Ages(18, 18)

    @property
    def young(self) -> bool:
        """Whether the visitor is under 18."""
        return self.age is not None and AGES[self.age].oldest < 18

    @property
    def abroad(self) -> bool:
        """Whether the visitor is outside the UK."""
        return self.nation == "abroad"

    @property
    def may_share(self) -> bool:
        """Whether a result may offer to send its numbers to somebody, unless a notice on it says otherwise.

        Not if the visitor is a child, or if it is about the visitor or danger now: a sent message stays on the
        phone, and shows anyone who finds it what the visit was about.
        """
        return not (self.danger or self.young or self.topics & _TOO_CLOSE)


_NOTHING = Situation()


# Kept, because the few situations that there are come up in thousands of walks.
@lru_cache(maxsize=4096)
def _updated(known: Situation, implied: Situation) -> Situation:
    values = {name: getattr(implied, name) or getattr(known, name) for name in known.__slots__}
    return Situation(**values | {"topics": known.topics | implied.topics})


@dataclass(frozen=True, slots=True)
class Condition:
    """Who a step of a result is shown to: every condition given must be met."""

    nation: tuple[Literal[Nation, "unknown"], ...] = ()
    age: tuple[Age, ...] = ()
    image: tuple[Literal["found", "mine", "viewing"], ...] = ()
    picture: tuple[Literal["child", "adult"], ...] = ()
    topics: tuple[Topic, ...] = ()

    def matches(self, situation: Situation) -> bool:
        """Whether the step is shown in this situation. A nation that is not known is “unknown”."""
        return (
            (not self.nation or (situation.nation or "unknown") in self.nation)
            and (not self.age or situation.age in self.age)
            and (not self.image or situation.image in self.image)
            and (not self.picture or situation.picture in self.picture)
            and (not self.topics or bool(situation.topics & set(self.topics)))
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One item on a result: a route (or family of routes) and why it is there, or a notice.

    ``first`` keeps a route that is only a web address or form in its place; others move after the first phone
    number. ``by`` is the kind of contact for the card's button, if that is not the primary contact.
    ``for_child`` shows an adult a route for the child with them, if the route allows that.
    """

    route: str = ""
    why: Translatable = ""
    notice: str = ""
    first: bool = False
    by: Kind | None = None
    for_child: bool = False
    when: Condition = field(default_factory=Condition)


NoticeRole = Literal[
    "image-found",
    "image-mine",
    "image-viewing",
    "leave-it",
    "trusted-adult",
    "keep-apart",  # do not be alone with a child, or leave one alone with somebody
    "rights",  # a free solicitor, an adult to accompany under 18s; delete nothing, contact nobody involved
    "arrest-risk",  # the person arrested may be at risk of suicide
    "duty-northern-ireland",  # there may be a duty to tell the police
    "shared-home",  # the person who does it may live with the visitor: the result offers no sharing
]


@dataclass(frozen=True, slots=True)
class Notice:
    """A short text that several results share: what to do, and what never to do.

    ``body`` is always visible. ``more`` is in a fold below it.
    """

    id: str
    title: Translatable
    body: RunningText
    more: RunningText = ""
    roles: tuple[NoticeRole, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The end of a path: what a visitor is shown. ``when_shut`` is the text for when the talk line is closed.

    ``crisis`` adds help for a visitor in crisis. ``after`` holds the steps for after the emergency call, on the
    result for danger now. ``file`` is the file it was read from.
    """

    id: str
    lead: RunningText
    steps: tuple[Step, ...]
    title: Translatable = "Who can help you"
    when_shut: RunningText = ""
    crisis: bool = False
    advice: tuple[str, ...] = ()
    after: tuple[Step, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. It leads to the question ``next``, or ends at ``result``.

    With both, the walk goes on to ``next``, and ends at ``result`` once an answer with neither is chosen. So
    one question, such as where the child lives, can end many paths.
    """

    code: str
    label: Translatable
    next: str = ""
    result: str = ""
    hint: Translatable = ""
    group: Translatable = ""
    implies: Situation = field(default_factory=Situation)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its answers. ``retired`` lists codes of former answers; old links with them show the question.

    ``hosted_hint`` replaces ``hint`` on a static site, whose host may keep a list of visits.
    """

    id: str
    title: Translatable
    answers: tuple[Answer, ...]
    hint: Translatable = ""
    hosted_hint: Translatable = ""
    retired: tuple[str, ...] = ()

    def answer(self, code: str) -> Answer | None:
        """The answer with this code, if there is one."""
        return next((answer for answer in self.answers if answer.code == code), None)


@dataclass(frozen=True, slots=True)
class Poster:
    """The texts of an entry's poster, and of its card, which never names the subject.

    ``routes`` are the ids of the routes whose primary contact is printed on the poster.
    """

    heading: Translatable
    words: tuple[Translatable, ...]
    card: Translatable
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A deep link, ``/for/<id>``: starts at the first question, with some later questions already answered.

    ``link`` is the text of the link on a partner's page.
    """

    id: str
    title: Translatable
    answers: dict[str, str]
    link: Translatable
    poster: Poster | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a path of codes leads: to ``question`` or, if that is None, to ``result``."""

    situation: Situation
    question: Question | None
    result: Result | None = None
    answered: tuple[tuple[Question, Answer], ...] = ()
    ends_at: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The code of each answer, in order."""
        return tuple(answer.code for _, answer in self.answered)


class UnknownCode(LookupError):
    """A path has a code that no answer has or ever had. ``walk`` is the part of the path before it."""

    def __init__(self, walk: Walk) -> None:
        super().__init__("no such answer")
        self.walk = walk


class RetiredCode(LookupError):
    """A path has the code of a former answer. ``walk`` leads to the last question that still exists."""

    def __init__(self, walk: Walk) -> None:
        super().__init__("this answer is gone")
        self.walk = walk


@dataclass(frozen=True, slots=True)
class Journey:
    """All questions, results, notices and entries. ``first`` is the id of the first question of every path."""

    first: str
    questions: dict[str, Question]
    results: dict[str, Result]
    notices: dict[str, Notice]
    entries: dict[str, Entry]

    def start(self) -> Walk:
        """The walk before any answer."""
        return Walk(Situation(), self.questions[self.first])

    def follow(self, codes: Sequence[str]) -> Walk:
        """The walk along these codes, from the first question.

        Raises:
            RetiredCode: a code is one that its question has retired.
            UnknownCode: no answer has the code, or the walk had already ended.
        """
        walk = self.start()
        for code in codes:
            answer = walk.question.answer(code) if walk.question else None
            if answer is None:
                if walk.question and code in walk.question.retired:
                    raise RetiredCode(walk)
                raise UnknownCode(walk)
            walk = self.step(walk, answer)
        return walk

    def step(self, walk: Walk, answer: Answer) -> Walk:
        """The walk after one more answer to its question."""
        assert walk.question is not None
        ends_at = answer.result or walk.ends_at
        return Walk(
            situation=walk.situation.updated_with(answer.implies),
            question=self.questions[answer.next] if answer.next else None,
            result=None if answer.next else self.results[ends_at],
            answered=(*walk.answered, (walk.question, answer)),
            ends_at=ends_at,
        )

    def enter(self, entry: Entry, answer: Answer) -> Walk:
        """The walk after an answer to the first question, followed by the answers that the entry gives."""
        walk = self.step(self.start(), answer)
        while walk.question and (code := entry.answers.get(walk.question.id)):
            known = walk.question.answer(code)
            assert known is not None
            walk = self.step(walk, known)
        return walk

    def known(self, entry: Entry) -> Situation:
        """What an entry implies about the visitor before they answer any question."""
        situation = Situation()
        for id_, code in entry.answers.items():
            answer = self.questions[id_].answer(code)
            assert answer is not None
            situation = situation.updated_with(answer.implies)
        return situation

    def walks(self) -> Iterator[Walk]:
        """Every possible walk, including unfinished ones, depth first. The graph must have no cycle."""
        stack = [self.start()]
        while stack:
            walk = stack.pop()
            yield walk
            if walk.question:
                stack.extend(self.step(walk, answer) for answer in reversed(walk.question.answers))


def load_journey(folder: Path, problems: list[ContentProblem]) -> Journey:
    """Reads the journey from the content folder. What cannot be read is added to ``problems``."""
    questions = read_tables(folder, "questions.toml", Question, problems)
    results: dict[str, Result] = {}
    for file in files_in(folder, "results", problems):
        here = read_tables(folder, file, Result, problems)
        for id_ in results.keys() & here.keys():
            problem = f"{results[id_].file} has a result of this name too."
            problems.append(
                ContentProblem(file, id_, problem, "Rename one, or take out the file that is a copy.")
            )
        results |= {id_: replace(result, file=file) for id_, result in here.items()}
    return Journey(
        first=next(iter(questions), ""),
        questions=questions,
        results=results,
        notices=read_tables(folder, "notices.toml", Notice, problems),
        entries=read_tables(folder, "entries.toml", Entry, problems),
    )
