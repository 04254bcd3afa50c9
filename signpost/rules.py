"""The sixteen rules that every path obeys (docs/editing.md lists them), checked by attributes.

Each rule looks at one ending: a result as one situation is shown it. It speaks of what a route can
do (its roles), never of which route it is, so an editor may change every word and every route.
Where two rules pull apart the earlier in this order wins: 1, 4 and 5, 3, 7, 6, 2, the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from signpost.directory import Contact, Role, Route
from signpost.faults import ContentError, Fault
from signpost.guide import Guide
from signpost.journey import NoticeRole, Shown, Situation, Topic, Walk
from signpost.prose import links


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a path breaks: the rule's number, the codes of the path, its result, and how."""

    rule: int
    path: str
    result: str
    problem: str


class Ending:
    """A finished walk, and everything its visitor is shown."""

    def __init__(self, guide: Guide, walk: Walk) -> None:
        assert walk.result is not None
        self.guide = guide
        self.walk = walk
        self.result = walk.result
        self.situation = walk.situation
        self.steps: tuple[Shown, ...] = guide.steps(walk)
        self.routes: tuple[Route, ...] = tuple(s.route for s in self.steps if s.route)
        self.everywhere: tuple[Route, ...] = (
            *self.routes,
            *(s.route for s in guide.after(walk) if s.route),
            *guide.despair(walk),
        )

    @property
    def words(self) -> tuple[str, ...]:
        """The running texts that are this ending's own."""
        notices = [step.notice for step in self.steps if step.notice]
        return (
            self.result.lead,
            self.result.when_shut,
            *(notice.body for notice in notices),
            *(notice.more for notice in notices),
        )

    def linked(self) -> set[str]:
        """The ids of the routes and advice that any text of this ending links to, its advice pages included."""
        advice = [self.guide.advice[topic].body for topic in self.result.advice]
        return {link.target for text in (*self.words, *advice) for link in links(text)}

    def called(self, *texts: str) -> list[Route]:
        """The routes whose number a text has to press."""
        ids = (link.target for text in texts for link in links(text) if link.scheme == "call")
        return [self.guide.directory.routes[id_] for id_ in ids]

    def about(self, *topics: Topic) -> bool:
        """Whether the visitor's situation has one of these topics."""
        return bool(self.situation.topics & set(topics))

    @property
    def about_themselves(self) -> bool:
        """Whether it is about what the visitor thinks, does or is said to have done."""
        return self.about("self-worry", "accused", "law")

    def having(self, *roles: Role) -> list[Route]:
        """The routes shown that have all these roles."""
        return [route for route in self.everywhere if set(roles) <= set(route.roles)]

    def place(self, *roles: Role) -> int | None:
        """The place among the steps of the first route that has one of these roles."""
        return next(
            (n for n, s in enumerate(self.steps) if s.route and set(roles) & set(s.route.roles)), None
        )

    def notice(self, role: NoticeRole) -> int | None:
        """The place among the steps of the first notice that has this role."""
        return next((n for n, s in enumerate(self.steps) if s.notice and role in s.notice.roles), None)

    def contacts(self, route: Route) -> tuple[Contact, ...]:
        """The contacts of a route that work from where the visitor is."""
        return route.contacts_from(self.situation.abroad)


Rule = Callable[[Ending], Iterator[str]]
RULES: dict[int, Rule] = {}


def rule(number: int) -> Callable[[Rule], Rule]:
    """Enters a function as the rule of this number; it yields what is wrong, in words."""

    def enter(check: Rule) -> Rule:
        RULES[number] = check
        return check

    return enter


@rule(1)
def emergency_first(ending: Ending) -> Iterator[str]:
    """On "danger now" nothing competes with 999; abroad no number is pressed that works only in the UK."""
    if ending.situation.danger:
        others = [s for s in ending.steps if s.notice or (s.route and "emergency" not in s.route.roles)]
        if others or not ending.routes:
            yield "danger now must show the emergency route, and nothing else before “after”."
    elif ending.result.after:
        yield "“after” is for danger now only."
    if ending.situation.abroad:
        for route in ending.called(*ending.words):
            if route.contacts[0].reach == "uk":
                yield f"its words have the number of “{route.id}” to press, which works only in the UK."


@rule(2)
def reachable_now(ending: Ending) -> Iterator[str]:
    """In the UK: a free line to report, day and night; a line to talk; words for when that is shut."""
    if ending.situation.danger:  # rule 1 comes first
        return
    if ending.situation.abroad:
        if ending.about_themselves and not ending.result.when_shut:
            yield "there are no words for when the line to talk to is shut."
        elif not ending.about_themselves:
            yield from _reachable_from_abroad(ending)
        return
    yield from _when_shut(ending)
    if ending.about_themselves:  # rule 7 comes first: no police as a stand-in for the helpline
        return
    if not report_lines(ending):
        yield "there is no free phone line that takes reports day and night."
    if not talk_lines(ending):
        yield "there is no line to talk to."
    elif all(contact.hours.open == "unknown" for _, contact in talk_lines(ending)):
        yield "of no line to talk to are the hours known."
    if ending.about("talk") and not _any_hour(ending, ending.result.lead):
        yield "the lead has no number to press that answers at any hour."


def _when_shut(ending: Ending) -> Iterator[str]:
    """In the UK: words for when the line to talk to is shut, with a number to press that then answers."""
    if not ending.result.when_shut:
        yield "there are no words for when the line to talk to is shut."
    elif not _any_hour(ending, ending.result.when_shut):
        yield "the words for when the line is shut have no number to press that answers at any hour."


def _any_hour(ending: Ending, text: str) -> bool:
    """Whether a text has a number to press that answers day and night."""
    return any(route.contacts[0].round_the_clock for route in ending.called(text))


#: A route, and the contact of it that a rule leans on.
Reliance = tuple[Route, Contact]


def report_lines(ending: Ending) -> list[Reliance]:
    """Free phone lines that take a report 24 hours a day."""
    return [
        (route, contact)
        for route in ending.having("report")
        for contact in ending.contacts(route)
        if contact.kind == "phone"
        and contact.cost == "free"
        and contact.round_the_clock
        and "report" in contact.purpose
    ]


def talk_lines(ending: Ending) -> list[Reliance]:
    """Phone lines to a person who listens."""
    abroad = ending.situation.abroad
    return [(route, contact) for route in ending.everywhere for contact in route.talk_lines(abroad)]


def _reachable_from_abroad(ending: Ending) -> Iterator[str]:
    if not ending.having("police", "abroad"):
        yield "outside the UK, the police of that country are missing."
    if not ending.having("images", "abroad"):
        yield "outside the UK, the way to find a country’s own hotline is missing."
    paid = paid_lines(ending)
    if any(contact.cost == "unknown" for _, contact in paid):
        yield "outside the UK, a number in the UK does not say what it costs."
    if not ending.situation.young and not paid:
        yield "outside the UK, there is no number in the UK that can be called from there."


def paid_lines(ending: Ending) -> list[Reliance]:
    """Numbers in the UK that can be called from outside it, and must say what that costs."""
    return [(r, c) for r in ending.everywhere for c in ending.contacts(r) if c.number.startswith("+44")]


@rule(3)
def serves_the_visitor(ending: Ending) -> Iterator[str]:
    """Every route serves the visitor's age and nation; under 13 and about oneself: one line for children alone."""
    situation = ending.situation
    for step in ending.result.steps:
        fitting = ending.guide.directory.fitting(step.route, situation.nation, situation.ages, step.for_child)
        if step.route and step.when.holds(situation) and not fitting:
            yield f"“{step.route}” serves nobody of this age in this nation."
    if situation.nation is None and not situation.danger:
        for route in ending.everywhere:
            if not set(ending.guide.directory.scope.nations) <= _nations_covered(ending, route):
                yield f"“{route.id}” does not serve every nation, and the nation is not known."
    if (
        situation.age == "under-13"
        and "self-worry" in situation.topics
        and (len(ending.everywhere) != 1 or ending.having("children", "talk") != list(ending.everywhere))
    ):
        yield "under 13 and about oneself, one line for children stands alone."


def _nations_covered(ending: Ending, route: Route) -> set[str]:
    family = [r for r in ending.everywhere if r.family and r.family == route.family]
    return {nation for each in (route, *family) for nation in each.nations}


_IMAGE_NOTICE: dict[str, NoticeRole] = {
    "found": "image-found",
    "mine": "image-mine",
    "viewing": "image-viewing",
}


@rule(4)
def image_notice(ending: Ending) -> Iterator[str]:
    """A visitor who met a picture reads the right notice before the first image route."""
    image = ending.situation.image
    if image is None or ending.situation.danger:
        return
    wanted = _IMAGE_NOTICE[image]
    notice = ending.notice(wanted)
    if notice is None:
        yield f"the notice for pictures ({wanted}) is missing."
        return
    images = ending.place("images", "adult-images")
    if images is not None and images < notice:
        yield "an image route stands before the notice for pictures."
    prevention = ending.place("prevention")
    if image == "viewing" and (prevention is None or notice < prevention):
        yield "the notice about one’s own viewing stands after the helpline."


@rule(5)
def age_in_the_picture(ending: Ending) -> Iterator[str]:
    """No adult-image route or advice unless the person pictured was certainly 18 or over."""
    if ending.situation.picture == "adult":
        return
    reached = ending.linked() | {route.id for route in ending.everywhere} | set(ending.result.advice)
    for id_ in sorted(reached):
        route, topic = ending.guide.directory.routes.get(id_), ending.guide.advice.get(id_)
        if route and "adult-images" in route.roles:
            yield f"“{id_}” is only for pictures of adults, and even a link to it has no place here."
        if topic and topic.adult_images:
            yield f"the advice “{id_}” is only for pictures of adults."


@rule(6)
def known_adult(ending: Ending) -> Iterator[str]:
    """An adult in the UK worried about a child or about an adult meets both the police and the prevention helpline."""
    if not _for_a_child(ending):
        return
    if not ending.having("police", "report"):
        yield "the police are missing."
    if not ending.having("prevention", "talk"):
        yield "the helpline for people worried about an adult is missing."


def _for_a_child(ending: Ending) -> bool:
    """Whether an adult in the UK worries about a child, or about an adult they know (rule 6)."""
    situation = ending.situation
    if situation.young or situation.abroad or situation.danger or ending.about("self-worry"):
        return False
    return ending.about("known-adult", "child-worry")


@rule(7)
def own_worry_first(ending: Ending) -> Iterator[str]:
    """Somebody worried about themselves meets the helpline for that first, and no police as a stand-in."""
    situation = ending.situation
    if "self-worry" not in situation.topics or situation.danger or not ending.routes:
        return
    first = ending.routes[0]
    if situation.young:
        if not {"talk", "children"} <= set(first.roles):
            yield "a line for children stands first."
        if situation.age == "13-17" and not situation.abroad and not ending.having("prevention", "children"):
            yield "the service for teenagers worried about themselves is missing."
    elif "prevention" not in first.roles:
        yield "the helpline for people worried about themselves stands first."
    police = [r for r in ending.routes if "police" in r.roles]
    if police and "blackmail" not in situation.topics:
        yield f"“{police[0].id}” is no stand-in for the helpline."
    if "doing" in situation.topics:
        apart = ending.notice("keep-apart")
        if apart is None or apart > ending.steps.index(next(s for s in ending.steps if s.route)):
            yield "nothing above the first number says not to be alone with a child."


@rule(8)
def says_about_names(ending: Ending) -> Iterator[str]:
    """Each route says in words whether a name is needed."""
    for route in ending.everywhere:
        if not route.privacy.words.strip():
            yield f"“{route.id}” does not say what happens with a name."


@rule(9)
def says_what_happens(ending: Ending) -> Iterator[str]:
    """Each route says what happens next, its access and languages, or that this is not known."""
    for route in ending.everywhere:
        if not (route.next.strip() and route.access.strip() and route.languages.strip()):
            yield f"“{route.id}” leaves out what happens next, access or languages."


#: Topics on which a visitor may be tempted to look further, warn, or delete.
_LEAVE_IT = {
    "known-adult",
    "child-worry",
    "contact",
    "seen-image",
    "blackmail",
    "own-image",
    "coerced",
    "work",
    "hunters",
    "arrest",
}


@rule(10)
def leave_it_to_police(ending: Ending) -> Iterator[str]:
    """Where there is somebody to suspect, the visitor reads what not to do."""
    situation = ending.situation
    if situation.danger or ("self-worry" in situation.topics and "blackmail" not in situation.topics):
        return
    if situation.topics & _LEAVE_IT and ending.notice("leave-it") is None:
        yield "nothing says what to leave to the police."


_DESPAIR = {
    "blackmail",
    "own-image",
    "coerced",
    "arrest",
    "investigated",
    "accused",
    "self-worry",
    "survivor",
}

#: Where a child is at risk of despair: its help stands at the top (rules 11 and 12).
_CHILD_IN_DESPAIR: tuple[Topic, ...] = ("blackmail", "own-image", "coerced")


@rule(11)
def despair(ending: Ending) -> Iterator[str]:
    """Where people are at risk of despair there is help for it that fits their age, and near the top where it must be."""
    situation = ending.situation
    if situation.danger or not situation.topics & _DESPAIR:
        return
    if situation.abroad:
        if not ending.result.despair:
            yield "the help for despair is missing."
        return
    # Of a child that an adult worries about, the words in view may name the child's own line.
    named = ending.called(*(step.notice.body for step in ending.steps if step.notice))
    if not ending.having("despair") and not (
        ending.about("child-worry") and any("despair" in route.roles for route in named)
    ):
        yield "no route for despair fits the visitor’s age."
    told = situation.young or ending.about_themselves or ending.notice("arrest-risk") is not None
    if ending.about("arrest") and not told:
        yield "nothing says that whoever was arrested may be at risk."
    if (ending.about("arrest") or (situation.young and ending.about(*_CHILD_IN_DESPAIR))) and not _early(
        ending
    ):
        yield "the help for despair stands too far down."


def _early(ending: Ending) -> bool:
    """Whether the lead or the first third of the steps has help for despair."""
    if any("despair" in route.roles for route in ending.called(ending.result.lead)):
        return True
    return any(
        (step.route and "despair" in step.route.roles) or (step.notice and "arrest-risk" in step.notice.roles)
        for step in ending.steps[: ceil(len(ending.steps) / 3)]
    )


@rule(12)
def for_a_child(ending: Ending) -> Iterator[str]:
    """A child reads what each service does with what they tell, and of an adult they can trust."""
    if not ending.situation.young:
        return
    if ending.notice("trusted-adult") is None:
        yield "nothing says to tell an adult they trust."
    for route in ending.everywhere:
        if route.children is None:
            yield f"“{route.id}” does not say what a child should know first."
    if ending.about(*_CHILD_IN_DESPAIR) and not ending.situation.abroad:
        lead = ending.result.lead
        if not any({"children", "talk"} <= set(r.roles) for r in ending.called(lead)) or "999" not in lead:
            yield "the lead has no line for children to press, or does not say when to call 999."


@rule(13)
def confirmed(ending: Ending) -> Iterator[str]:
    """A contact that a rule leans on is confirmed, or its route says in words what is not."""
    for route, contact in relied_on(ending):
        if unconfirmed(contact) and not route.unconfirmed:
            yield f"“{route.id}” is required here, is not confirmed, and does not say so."


@rule(14)
def rights(ending: Ending) -> Iterator[str]:
    """Whoever is looked into or accused, or whose child is, reads near the top what their rights are."""
    if ending.situation.danger or ending.situation.abroad or not ending.about("investigated"):
        return
    place = ending.notice("rights")
    if place is None:
        yield "nothing says what rights there are at a police interview."
    elif place > _NEAR_THE_TOP:
        yield "what says what rights there are stands too far down."


#: The last place, counted from 0, that is still near the top of a result.
_NEAR_THE_TOP = 2


@rule(15)
def nation_and_duty(ending: Ending) -> Iterator[str]:
    """The nation is asked wherever a duty depends on it, and that duty is told there and nowhere else."""
    situation = ending.situation
    told = ending.notice("duty-northern-ireland") is not None
    owed = ending.about("child-worry") and not (situation.young or situation.danger or situation.abroad)
    if told and not (owed and situation.nation == "northern-ireland"):
        yield "the duty in Northern Ireland is told to somebody whom it does not bind."
    if not owed or ending.about("talk"):
        return
    if situation.nation == "northern-ireland" and not told:
        yield "the duty in Northern Ireland is not told."
    if not _nation_asked(ending.walk):
        yield "the nation was not asked, and a duty depends on it."


def _nation_asked(walk: Walk) -> bool:
    """Whether a question on the way asks for the nation, whatever was answered."""
    return any(answer.tells.nation for question, _ in walk.answered for answer in question.answers)


@rule(16)
def sure_ones_first(ending: Ending) -> Iterator[str]:
    """Doubt is not handed to the visitor: what stands first can be reached in a way that is sure."""
    for route in ending.routes[:1]:
        if all(contact.confidence in ("low", "unconfirmed") for contact in ending.contacts(route)):
            yield f"“{route.id}” stands first, and no way to reach it is sure."


def relied_on(ending: Ending) -> list[Reliance]:
    """What rules 1, 2, 6, 7 and 11 lean on here: of each, the first that does."""
    situation = ending.situation

    def first(routes: Sequence[Route]) -> list[Reliance]:
        return [(route, contact) for route in routes[:1] for contact in ending.contacts(route)[:1]]

    needed = [*first(ending.having("emergency")), *report_lines(ending)[:1], *talk_lines(ending)[:1]]
    if situation.abroad:
        needed += [*first(ending.having("police", "abroad")), *first(ending.having("images", "abroad"))]
        needed += paid_lines(ending)[:1]
    if _for_a_child(ending):
        needed += [*first(ending.having("police", "report")), *first(ending.having("prevention", "talk"))]
    if "self-worry" in situation.topics:
        needed += first(ending.routes)
    if situation.topics & _DESPAIR:
        needed += first(ending.having("despair"))
    return list({(route.id, contact.text): (route, contact) for route, contact in needed}.values())


def unconfirmed(contact: Contact) -> bool:
    """Whether a contact, or its hours where it tells them, is less than high in confidence."""
    return contact.confidence != "high" or (
        contact.hours.open != "unknown" and contact.hours.confidence != "high"
    )


def endings(guide: Guide) -> list[Ending]:
    """One ending for each result and situation that any path leads to, and for whether the nation was asked."""
    distinct: dict[tuple[str, Situation, bool], Walk] = {}
    for walk in guide.journey.walks():
        if walk.result:
            distinct.setdefault((walk.result.id, walk.situation, _nation_asked(walk)), walk)
    return [Ending(guide, walk) for walk in distinct.values()]


def broken_rules(guide: Guide) -> list[Broken]:
    """Every rule that any path breaks, of those that the content is under."""
    return [
        Broken(number, "/".join(ending.walk.codes), ending.result.id, problem)
        for ending in endings(guide)
        for number in guide.directory.scope.rules
        for problem in RULES[number](ending)
    ]


def check_rules(guide: Guide) -> None:
    """Holds every path against every rule.

    Raises:
        ContentError: a path breaks a rule. Names every rule and result, one of the paths, and what was walked.
    """
    paths: dict[tuple[int, str, str], list[str]] = {}
    for each in broken_rules(guide):
        paths.setdefault((each.rule, each.result, each.problem), []).append(each.path)
    faults = [
        Fault(
            guide.journey.results[result].file,
            result,
            f"Rule {number} is broken on /check/{where[0]}{f' and {len(where) - 1} more' if where[1:] else ''}: {problem}",
            f"docs/editing.md says what rule {number} asks.",
        )
        for (number, result, problem), where in paths.items()
    ]
    if faults:
        raise ContentError(faults, survey(guide))


def launch_blockers(guide: Guide) -> list[Route]:
    """Routes that the rules lean on and of which something is not confirmed: to be checked before a real launch."""
    relied = [each for ending in endings(guide) for each in relied_on(ending)]
    routes = {route.id: route for route, contact in relied if unconfirmed(contact) or route.unconfirmed}
    return [routes[id_] for id_ in sorted(routes)]


def survey(guide: Guide) -> str:
    """What a check has walked, in one line."""
    finished = [walk for walk in guide.journey.walks() if walk.result]
    forms = {(walk.ends_at, walk.situation) for walk in finished}
    lengths = sorted(len(walk.answered) for walk in finished)
    four = sum(length <= 4 for length in lengths)
    return (
        f"Walked {len(guide.journey.questions)} questions, {len(finished)} paths, "
        f"{len(guide.journey.results)} results in {len(forms)} forms, {len(guide.directory.routes)} routes. "
        f"The longest path asks {lengths[-1]} questions; {four} of {len(finished)} paths ask four or fewer."
    )
