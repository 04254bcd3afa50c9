"""The journey: questions, answers and results, and how a path of answer codes leads through them.

Everything here is pure: content in, walks out. Which rules a walk must obey is in ``rules.py``;
whether the graph holds together is in ``graph.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from signpost.directory import Ages, Contact, Directory, Kind, Nation, Route
from signpost.faults import Fault
from signpost.loading import files_in, read_tables
from signpost.words import Words

Age = Literal["under-13", "13-17", "under-18", "18", "adult"]
Topic = Literal[
    "known-adult",  # an adult known to the visitor may be harming a child
    "child-worry",  # an adult's worry that a child may be harmed, or that a crime was done to one
    "self-worry",  # the visitor's own thoughts or behaviour, or what they are said to have done
    "doing",  # the visitor may be harming a child, or fears to
    "investigated",  # the police or others look into the visitor, or into the visitor's child
    "accused",  # the visitor says that they did nothing
    "law",  # the visitor asks whether something is a crime
    "blackmail",
    "own-image",
    "arrest",  # somebody was arrested, searched or accused: the visitor or one of the family
    "coerced",  # a child is made to hurt themselves, an animal or others
    "survivor",
    "supporter",  # of an adult who was harmed as a child
    "contact",  # somebody is making contact with a child
    "seen-image",
    "work",  # about somebody who works with children, or met at work
    "host",  # the visitor runs a site, a server, a game or a group
    "behaviour",  # what a child may have done to another child
    "hunters",
    "unnamed",  # the visitor must not be known
    "recent",  # it happened in the last few days
    "talk",  # a wish to talk, whatever it is about
    "other",  # none of these: a general worry
]

AGES: dict[Age, Ages] = {
    "under-13": Ages(0, 12),
    "13-17": Ages(13, 17),
    "under-18": Ages(0, 17),
    "18": Ages(18, 18),
    "adult": Ages(18, 120),
}


@dataclass(frozen=True, slots=True)
class Tells:
    """What one answer tells us about the visitor's situation."""

    danger: bool = False
    age: Age | None = None
    nation: Nation | None = None
    picture: Literal["child", "adult"] | None = None
    image: Literal["found", "mine", "viewing"] | None = None
    topics: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What all the answers so far have told us. None means: not asked, or not known.

    ``nation`` is where the child lives, or "abroad" for a visitor outside the UK. ``picture`` is the
    age of the person in a picture: "child" also for "not sure" and for pictures made by a computer.
    ``image`` is how the visitor comes to a picture.
    """

    danger: bool = False
    age: Age | None = None
    nation: Nation | None = None
    picture: Literal["child", "adult"] | None = None
    image: Literal["found", "mine", "viewing"] | None = None
    topics: frozenset[Topic] = frozenset()

    def told(self, tells: Tells) -> Situation:
        """This situation with what one more answer tells."""
        return Situation(
            danger=self.danger or tells.danger,
            age=tells.age or self.age,
            nation=tells.nation or self.nation,
            picture=tells.picture or self.picture,
            image=tells.image or self.image,
            topics=self.topics | set(tells.topics),
        )

    @property
    def ages(self) -> Ages:
        """The visitor's age as a span; a point of no width where it is not known, which any route covers."""
        return AGES[self.age] if self.age else Ages(18, 18)

    @property
    def young(self) -> bool:
        """Whether the visitor is under 18."""
        return self.age is not None and AGES[self.age].oldest < 18

    @property
    def abroad(self) -> bool:
        """Whether the visitor is outside the UK."""
        return self.nation == "abroad"


@dataclass(frozen=True, slots=True)
class When:
    """For whom a step of a result is shown: every condition given must hold."""

    nation: tuple[Nation, ...] = ()
    age: tuple[Age, ...] = ()
    image: tuple[Literal["found", "mine", "viewing"], ...] = ()
    picture: tuple[Literal["child", "adult"], ...] = ()
    topics: tuple[Topic, ...] = ()

    def holds(self, situation: Situation) -> bool:
        """Whether the step is shown. A nation not known satisfies no condition on nations."""
        return (
            (not self.nation or situation.nation in self.nation)
            and (not self.age or situation.age in self.age)
            and (not self.image or situation.image in self.image)
            and (not self.picture or situation.picture in self.picture)
            and (not self.topics or bool(situation.topics & set(self.topics)))
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One thing on a result, in its order: a route (or family of routes) and why, or a notice.

    ``first`` keeps a route that is only an address or a form where it stands, though no number stands before it.
    ``by`` is the kind of contact that stands on the route's button, where that is not its first contact.
    ``for_child`` says that an adult is shown the route for the child beside them, where the route allows that.
    """

    route: str = ""
    why: Words = ""
    notice: str = ""
    first: bool = False
    by: Kind | None = None
    for_child: bool = False
    when: When = field(default_factory=When)


NoticeRole = Literal[
    "image-found",
    "image-mine",
    "image-viewing",
    "leave-it",
    "trusted-adult",
    "do-not-pay",
    "keep-apart",  # do not be alone with a child, or leave one alone with somebody
    "rights",  # a free solicitor, an adult beside the young; delete nothing, contact nobody in it
    "arrest-risk",  # whoever was arrested may be at risk of ending their life
    "duty-northern-ireland",  # there may be a duty to tell the police
]


@dataclass(frozen=True, slots=True)
class Notice:
    """A few words that stand on several results: what to do, and what never to do.

    ``body`` is in view. ``more`` waits in a fold below it.
    """

    id: str
    title: Words
    body: Words
    more: Words = ""
    roles: tuple[NoticeRole, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The end of a path: what a visitor is shown. ``when_shut`` is for when the talking line is shut.

    ``despair`` adds the help for when it all feels too much; ``after`` is what comes after the
    emergency call, on a result that is for danger now. ``file`` is where it was read.
    """

    id: str
    lead: Words
    steps: tuple[Step, ...]
    title: Words = "Who can help you"
    when_shut: Words = ""
    despair: bool = False
    advice: tuple[str, ...] = ()
    after: tuple[Step, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. It leads to ``next``, or ends at ``result``.

    With both, the walk goes on and ends at ``result`` once an answer with neither is chosen: so one
    question (where the child lives, say) can stand at the end of many paths.
    """

    code: str
    label: Words
    next: str = ""
    result: str = ""
    hint: Words = ""
    group: Words = ""
    tells: Tells = field(default_factory=Tells)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its answers; ``retired`` are codes that once were answers and lead back to it."""

    id: str
    title: Words
    answers: tuple[Answer, ...]
    hint: Words = ""
    retired: tuple[str, ...] = ()

    def answer(self, code: str) -> Answer | None:
        """The answer with this code, if there is one."""
        return next((answer for answer in self.answers if answer.code == code), None)


@dataclass(frozen=True, slots=True)
class Poster:
    """What a poster says to the people an entry is for, and what a card says, which never tells the subject.

    ``routes`` are the ids of the routes whose first contact is printed on the poster.
    """

    heading: Words
    words: tuple[Words, ...]
    card: Words
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A deep link, ``/for/<id>``: the first question, with some later ones answered already.

    ``link`` is what a charity's page says to lead there.
    """

    id: str
    title: Words
    answers: dict[str, str]
    link: Words
    poster: Poster | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a path of codes has led: to a question, or (``question`` None) to a result."""

    situation: Situation
    question: Question | None
    result: Result | None = None
    answered: tuple[tuple[Question, Answer], ...] = ()
    ends_at: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes walked, one an answer."""
        return tuple(answer.code for _, answer in self.answered)


class UnknownCode(LookupError):
    """A path has a code that no answer has and none had. ``walk`` is how far it led."""

    def __init__(self, walk: Walk) -> None:
        super().__init__("no such answer")
        self.walk = walk


class RetiredCode(LookupError):
    """A path has a code whose answer is gone. ``walk`` leads to the furthest question that stands."""

    def __init__(self, walk: Walk) -> None:
        super().__init__("this answer is gone")
        self.walk = walk


@dataclass(frozen=True, slots=True)
class Journey:
    """All questions, results, notices and entries. ``first`` is the question every path begins with."""

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
            UnknownCode: a code is no answer's, or comes after the end.
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
            situation=walk.situation.told(answer.tells),
            question=self.questions[answer.next] if answer.next else None,
            result=None if answer.next else self.results[ends_at],
            answered=(*walk.answered, (walk.question, answer)),
            ends_at=ends_at,
        )

    def enter(self, entry: Entry, answer: Answer) -> Walk:
        """The walk after the first question's answer and then whatever the entry has answered already."""
        walk = self.step(self.start(), answer)
        while walk.question and (code := entry.answers.get(walk.question.id)):
            known = walk.question.answer(code)
            assert known is not None
            walk = self.step(walk, known)
        return walk

    def known(self, entry: Entry) -> Situation:
        """What an entry tells of the visitor before any question is answered."""
        situation = Situation()
        for id_, code in entry.answers.items():
            answer = self.questions[id_].answer(code)
            assert answer is not None
            situation = situation.told(answer.tells)
        return situation

    def walks(self) -> Iterator[Walk]:
        """Every walk there is, unfinished ones too, depth first. The graph must have no cycle."""
        stack = [self.start()]
        while stack:
            walk = stack.pop()
            yield walk
            if walk.question:
                stack.extend(self.step(walk, answer) for answer in reversed(walk.question.answers))


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as a visitor meets it: a notice, or a route with the reason it stands there."""

    route: Route | None = None
    why: str = ""
    notice: Notice | None = None
    first: bool = False
    by: Kind | None = None

    def contacts(self, abroad: bool) -> tuple[Contact, ...]:
        """The contacts of its route that work from outside the UK, or from inside it; first the one for the button."""
        contacts = self.route.contacts_from(abroad) if self.route else ()
        return tuple(sorted(contacts, key=lambda each: each.kind != self.by)) if self.by else contacts


def shown(
    steps: Sequence[Step], situation: Situation, journey: Journey, directory: Directory
) -> tuple[Shown, ...]:
    """The steps of a result that this situation is shown, families resolved to the routes that fit."""
    seen: list[Shown] = []
    for step in steps:
        if not step.when.holds(situation):
            continue
        if step.notice:
            seen.append(Shown(notice=journey.notices[step.notice]))
        if step.route:
            fitting = directory.fitting(step.route, situation.nation, situation.ages, step.for_child)
            seen.extend(Shown(route=route, why=step.why, first=step.first, by=step.by) for route in fitting)
    return tuple(seen) if situation.abroad else _numbers_first(seen)


def _numbers_first(steps: Sequence[Shown]) -> tuple[Shown, ...]:
    """The steps, but what is only an address or a form comes after the first number, unless an editor says ``first``.

    Somebody who is frightened should not have to read past a form to find a person to speak to. Not for those outside
    the UK, whom a form may help and a number costs.
    """

    def kinds(step: Shown) -> list[str]:
        return [contact.kind for contact in step.contacts(abroad=False)[:1]]

    number = next((n for n, each in enumerate(steps) if kinds(each) in (["phone"], ["text"])), None)
    if number is None:
        return tuple(steps)
    later = [
        each for each in steps[:number] if each.route and not each.first and kinds(each) != ["in-person"]
    ]
    sooner = [each for each in steps[:number] if each not in later]
    return (*sooner, steps[number], *later, *steps[number + 1 :])


def load_journey(folder: Path, faults: list[Fault]) -> Journey:
    """Read the journey from the content folder; what is wrong is added to ``faults``."""
    questions = read_tables(folder, "questions.toml", Question, faults)
    results: dict[str, Result] = {}
    for file in files_in(folder, "results", faults):
        here = read_tables(folder, file, Result, faults)
        for id_ in results.keys() & here.keys():
            faults.append(Fault(file, id_, "Another file has a result of this name.", "Rename one of them."))
        results |= {id_: replace(result, file=file) for id_, result in here.items()}
    return Journey(
        first=next(iter(questions), ""),
        questions=questions,
        results=results,
        notices=read_tables(folder, "notices.toml", Notice, faults),
        entries=read_tables(folder, "entries.toml", Entry, faults),
    )
