"""The rules that every path keeps (docs/editing.md lists them), checked by attributes.

Each rule looks at one outcome: a result as one situation is shown it. It asks what a route can do (its
roles), never which route it is, so an editor may change every word and every route. If two rules conflict,
the earlier in this order wins: 1, 4 and 5, 3, 7, 6, 2, the rest. A rule that is registered runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from signpost.models.content import Content
from signpost.models.directory import Contact, Route
from signpost.models.errors import ContentError, ContentProblem
from signpost.models.journey import NoticeRole, Situation, Topic, Walk
from signpost.models.markdown import links
from signpost.models.outcome import Outcome
from signpost.models.toml import did_you_mean


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its number, the name by which content can switch it off, and its check.

    ``check`` yields a sentence for each thing that is wrong with an outcome.
    """

    number: int
    name: str
    check: Callable[[Outcome], Iterator[str]]


#: Every rule there is, by name. A rule that is registered runs.
RULES: dict[str, Rule] = {}


#: Rules that look at rendered pages, so that ``flask check`` runs them (web/lengths.py) and the start does not.
RULES_ON_PAGES = {"length": 17}


def rule(number: int) -> Callable[[Callable[[Outcome], Iterator[str]]], Callable[[Outcome], Iterator[str]]]:
    """Registers a function as the rule with this number, under its own name with hyphens."""

    def register(check: Callable[[Outcome], Iterator[str]]) -> Callable[[Outcome], Iterator[str]]:
        name = check.__name__.replace("_", "-")
        RULES[name] = Rule(number, name, check)
        return check

    return register


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that an outcome breaks, the codes of a path that leads to it, its result, and how it breaks it."""

    rule: Rule
    path: str
    result: str
    problem: str


@rule(1)
def emergency_first(outcome: Outcome) -> Iterator[str]:
    """On "danger now" nothing competes with 999; abroad no number is pressed that works only in the UK."""
    if outcome.situation.danger:
        others = [s for s in outcome.steps if s.notice or (s.route and "emergency" not in s.route.roles)]
        if others or not outcome.routes:
            yield "danger now must show the emergency route, and nothing else before “after”."
    elif outcome.result.after:
        yield "“after” is for danger now only."
    if outcome.situation.abroad:
        for route in outcome.called(*outcome.texts):
            if route.primary_contact.reachable_from == "uk":
                yield f"its words have the number of “{route.id}” to press, which works only in the UK."


@rule(2)
def reachable_now(outcome: Outcome) -> Iterator[str]:
    """In the UK: a free line to report, day and night; a line to talk; words for when that is shut."""
    if outcome.situation.danger:  # rule 1 comes first
        return
    if outcome.situation.abroad:
        if outcome.about_themselves and not outcome.result.when_shut:
            yield "there are no words for when the line to talk to is shut."
        elif not outcome.about_themselves:
            yield from _reachable_from_abroad(outcome)
        return
    yield from _when_shut(outcome)
    if outcome.about_themselves:  # rule 7 comes first: no police as a stand-in for the helpline
        return
    if not report_lines(outcome):
        yield "there is no free phone line that takes reports day and night."
    if not talk_lines(outcome):
        yield "there is no line to talk to."
    elif all(contact.hours.open == "unknown" for _, contact in talk_lines(outcome)):
        yield "of no line to talk to are the hours known."
    if outcome.about("talk") and not _any_hour(outcome, outcome.result.lead):
        yield "the lead has no number to press that answers at any hour."


def _when_shut(outcome: Outcome) -> Iterator[str]:
    """In the UK: words for when the line to talk to is shut, with a number to press that then answers."""
    if not outcome.result.when_shut:
        yield "there are no words for when the line to talk to is shut."
    elif not _any_hour(outcome, outcome.result.when_shut):
        yield "the words for when the line is shut have no number to press that answers at any hour."


def _any_hour(outcome: Outcome, text: str) -> bool:
    """Whether a text has a number to press that answers day and night."""
    return any(route.primary_contact.round_the_clock for route in outcome.called(text))


#: A route, and the contact of it that a rule leans on.
Reliance = tuple[Route, Contact]


def report_lines(outcome: Outcome) -> list[Reliance]:
    """Free phone lines that take a report 24 hours a day."""
    return [
        (route, contact)
        for route in outcome.having("report")
        for contact in outcome.contacts(route)
        if contact.kind == "phone"
        and contact.cost == "free"
        and contact.round_the_clock
        and "report" in contact.purpose
    ]


def talk_lines(outcome: Outcome) -> list[Reliance]:
    """Phone lines to a person who listens."""
    abroad = outcome.situation.abroad
    return [(route, contact) for route in outcome.all_routes for contact in route.talk_lines(abroad)]


def _reachable_from_abroad(outcome: Outcome) -> Iterator[str]:
    if not outcome.having("police", "abroad"):
        yield "outside the UK, the police of that country are missing."
    if not outcome.having("images", "abroad"):
        yield "outside the UK, the way to find a country’s own hotline is missing."
    paid = paid_lines(outcome)
    if any(contact.cost == "unknown" for _, contact in paid):
        yield "outside the UK, a number in the UK does not say what it costs."
    if not outcome.situation.young and not paid:
        yield "outside the UK, there is no number in the UK that can be called from there."


def paid_lines(outcome: Outcome) -> list[Reliance]:
    """Numbers in the UK that can be called from outside it, and must say what that costs."""
    return [(r, c) for r in outcome.all_routes for c in outcome.contacts(r) if c.number.startswith("+44")]


@rule(3)
def serves_the_visitor(outcome: Outcome) -> Iterator[str]:
    """Every route serves the visitor's age and nation; under 13 and about oneself: one line for children alone."""
    situation = outcome.situation
    for step in outcome.result.steps:
        fitting = outcome.content.directory.fitting(
            step.route, situation.nation, situation.ages, step.for_child
        )
        if step.route and step.when.matches(situation) and not fitting:
            yield f"“{step.route}” serves nobody of this age in this nation."
    if situation.nation is None and not situation.danger:
        for route in outcome.all_routes:
            if not set(outcome.content.manifest.nations) <= _nations_covered(outcome, route):
                yield f"“{route.id}” does not serve every nation, and the nation is not known."
    if (
        situation.age == "under-13"
        and "self-worry" in situation.topics
        and (len(outcome.all_routes) != 1 or outcome.having("children", "talk") != list(outcome.all_routes))
    ):
        yield "under 13 and about oneself, one line for children stands alone."


def _nations_covered(outcome: Outcome, route: Route) -> set[str]:
    family = [r for r in outcome.all_routes if r.family and r.family == route.family]
    return {nation for each in (route, *family) for nation in each.nations}


_IMAGE_NOTICE: dict[str, NoticeRole] = {
    "found": "image-found",
    "mine": "image-mine",
    "viewing": "image-viewing",
}


@rule(4)
def image_notice(outcome: Outcome) -> Iterator[str]:
    """A visitor who met a picture reads the right notice before the first image route."""
    image = outcome.situation.image
    if image is None or outcome.situation.danger:
        return
    wanted = _IMAGE_NOTICE[image]
    notice = outcome.notice(wanted)
    if notice is None:
        yield f"the notice for pictures ({wanted}) is missing."
        return
    images = outcome.place("images", "adult-images")
    if images is not None and images < notice:
        yield "an image route stands before the notice for pictures."
    prevention = outcome.place("prevention")
    if image == "viewing" and (prevention is None or notice < prevention):
        yield "the notice about one’s own viewing stands after the helpline."


@rule(5)
def age_in_the_picture(outcome: Outcome) -> Iterator[str]:
    """No adult-image route or advice unless the person pictured was certainly 18 or over."""
    if outcome.situation.picture == "adult":
        return
    reached = _linked(outcome) | {route.id for route in outcome.all_routes} | set(outcome.result.advice)
    for id_ in sorted(reached):
        route, topic = outcome.content.directory.routes.get(id_), outcome.content.advice.get(id_)
        if route and "adult-images" in route.roles:
            yield f"“{id_}” is only for pictures of adults, and even a link to it has no place here."
        if topic and topic.adult_images:
            yield f"the advice “{id_}” is only for pictures of adults."


def _linked(outcome: Outcome) -> set[str]:
    """The ids of the routes and advice that a text of this outcome links to, and those its advice pages link to."""
    advice = [outcome.content.advice[topic].body for topic in outcome.result.advice]
    return {link.target for text in (*outcome.texts, *advice) for link in links(text)}


@rule(6)
def known_adult(outcome: Outcome) -> Iterator[str]:
    """An adult in the UK worried about a child or about an adult meets both the police and the prevention helpline."""
    if not _for_a_child(outcome):
        return
    if not outcome.having("police", "report"):
        yield "the police are missing."
    if not outcome.having("prevention", "talk"):
        yield "the helpline for people worried about an adult is missing."


def _for_a_child(outcome: Outcome) -> bool:
    """Whether an adult in the UK worries about a child, or about an adult they know (rule 6)."""
    situation = outcome.situation
    if situation.young or situation.abroad or situation.danger or outcome.about("self-worry"):
        return False
    return outcome.about("known-adult", "child-worry")


@rule(7)
def own_worry_first(outcome: Outcome) -> Iterator[str]:
    """Somebody worried about themselves meets the helpline for that first, and no police as a stand-in.

    Of thoughts that frighten them, a doctor comes before it.
    """
    situation = outcome.situation
    if "self-worry" not in situation.topics or situation.danger or not outcome.routes:
        return
    first = outcome.routes[0]
    if situation.young:
        if not {"talk", "children"} <= set(first.roles):
            yield "a line for children stands first."
        if situation.age == "13-17" and not situation.abroad and not outcome.having("prevention", "children"):
            yield "the service for teenagers worried about themselves is missing."
    elif "own-fear" in situation.topics and not situation.abroad:
        if "health" not in first.roles:
            yield "a doctor stands first for thoughts that frighten somebody."
        if not outcome.having("prevention", "talk"):
            yield "the helpline for people worried about themselves is missing."
    elif "prevention" not in first.roles:
        yield "the helpline for people worried about themselves stands first."
    police = [r for r in outcome.routes if "police" in r.roles]
    if police and "blackmail" not in situation.topics:
        yield f"“{police[0].id}” is no stand-in for the helpline."
    if "doing" in situation.topics:
        apart = outcome.notice("keep-apart")
        if apart is None or apart > outcome.steps.index(next(s for s in outcome.steps if s.route)):
            yield "nothing above the first number says not to be alone with a child."


@rule(8)
def says_about_names(outcome: Outcome) -> Iterator[str]:
    """Each route says in words whether a name is needed."""
    for route in outcome.all_routes:
        if not route.privacy.words.strip():
            yield f"“{route.id}” does not say what happens with a name."


@rule(9)
def says_what_happens(outcome: Outcome) -> Iterator[str]:
    """Each route says what happens next, its access and languages, or that this is not known."""
    for route in outcome.all_routes:
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
def leave_it_to_police(outcome: Outcome) -> Iterator[str]:
    """Where there is somebody to suspect, the visitor reads what not to do."""
    situation = outcome.situation
    if situation.danger or ("self-worry" in situation.topics and "blackmail" not in situation.topics):
        return
    # A child in whose family somebody was arrested has nothing to leave alone, and should not feel asked to watch.
    suspects = _LEAVE_IT - {"arrest"} if situation.young else _LEAVE_IT
    if situation.topics & suspects and outcome.notice("leave-it") is None:
        yield "nothing says what to leave to the police."


_CRISIS = {
    "blackmail",
    "own-image",
    "coerced",
    "arrest",
    "investigated",
    "accused",
    "self-worry",
    "survivor",
}

#: Where a child is at risk of crisis: its help stands at the top (rules 11 and 12).
_CHILD_IN_CRISIS: tuple[Topic, ...] = ("blackmail", "own-image", "coerced")


@rule(11)
def crisis_help(outcome: Outcome) -> Iterator[str]:
    """Where people are at risk of a crisis there is help for it that fits their age, near the top if need be."""
    situation = outcome.situation
    if situation.danger or not situation.topics & _CRISIS:
        return
    # Of a child that an adult worries about, the words in view may name the child’s own line.
    named = outcome.called(*(step.notice.body for step in outcome.steps if step.notice))
    if situation.abroad:
        if not outcome.result.crisis:
            yield "the help for crisis is missing."
    elif not outcome.having("crisis") and not (
        outcome.about("child-worry") and any("crisis" in route.roles for route in named)
    ):
        yield "no route for crisis fits the visitor’s age."
    of_another = not situation.young and not outcome.about_themselves
    if outcome.about("arrest") and of_another and outcome.notice("arrest-risk") is None:
        yield "nothing says that the person who was arrested may be at risk."
    urgent = outcome.about("arrest") or (situation.young and outcome.about(*_CHILD_IN_CRISIS))
    # Abroad, no line of the UK can be called: the page itself puts the words for a crisis of one’s own at the top.
    if urgent and (of_another or not situation.abroad) and not _early(outcome):
        yield "the help for a crisis stands too far down."


def _early(outcome: Outcome) -> bool:
    """Whether the lead or the first third of the steps has help for crisis."""
    if any("crisis" in route.roles for route in outcome.called(outcome.result.lead)):
        return True
    return any(
        (step.route and "crisis" in step.route.roles) or (step.notice and "arrest-risk" in step.notice.roles)
        for step in outcome.steps[: ceil(len(outcome.steps) / 3)]
    )


@rule(12)
def for_a_child(outcome: Outcome) -> Iterator[str]:
    """A child reads what each service does with what they tell, and of an adult they can trust."""
    if not outcome.situation.young:
        return
    if outcome.notice("trusted-adult") is None:
        yield "nothing says to tell an adult they trust."
    for route in outcome.all_routes:
        if route.children is None:
            yield f"“{route.id}” does not say what a child should know first."
    if outcome.about(*_CHILD_IN_CRISIS) and not outcome.situation.abroad:
        lead = outcome.result.lead
        if not any({"children", "talk"} <= set(r.roles) for r in outcome.called(lead)) or "999" not in lead:
            yield "the lead has no line for children to press, or does not say when to call 999."


@rule(13)
def confirmed(outcome: Outcome) -> Iterator[str]:
    """A contact that a rule leans on is confirmed, or its route says in words what is not."""
    for route, contact in relied_on(outcome):
        if unconfirmed(contact) and not route.unconfirmed:
            yield f"“{route.id}” is required here, is not confirmed, and does not say so."


@rule(14)
def rights(outcome: Outcome) -> Iterator[str]:
    """Whoever is looked into or accused, or whose child is, reads near the top what their rights are."""
    if outcome.situation.danger or not outcome.about("investigated"):
        return
    place = outcome.notice("rights")
    if place is None:
        yield "nothing says what rights there are at a police interview."
    elif place > _NEAR_THE_TOP:
        yield "what says what rights there are stands too far down."


#: The last place, counted from 0, that is still near the top of a result.
_NEAR_THE_TOP = 2


@rule(15)
def nation_and_duty(outcome: Outcome) -> Iterator[str]:
    """The nation is asked wherever a duty depends on it, and that duty is told there and nowhere else."""
    situation = outcome.situation
    told = outcome.notice("duty-northern-ireland") is not None
    owed = outcome.about("child-worry") and not (situation.young or situation.danger or situation.abroad)
    if told and not (owed and situation.nation == "northern-ireland"):
        yield "the duty in Northern Ireland is told to somebody whom it does not bind."
    if not owed or outcome.about("talk"):
        return
    if situation.nation == "northern-ireland" and not told:
        yield "the duty in Northern Ireland is not told."
    if not _nation_asked(outcome.walk):
        yield "the nation was not asked, and a duty depends on it."


def _nation_asked(walk: Walk) -> bool:
    """Whether a question on the way asks for the nation, whatever was answered."""
    return any(answer.implies.nation for question, _ in walk.answered for answer in question.answers)


@rule(16)
def sure_ones_first(outcome: Outcome) -> Iterator[str]:
    """Doubt is not handed to the visitor: what stands first can be reached in a way that is sure."""
    for route in outcome.routes[:1]:
        if all(contact.confidence in ("low", "unconfirmed") for contact in outcome.contacts(route)):
            yield f"“{route.id}” stands first, and no way to reach it is sure."


def relied_on(outcome: Outcome) -> list[Reliance]:
    """What rules 1, 2, 6, 7 and 11 lean on here: of each, the first that does."""
    situation = outcome.situation

    def first(routes: Sequence[Route]) -> list[Reliance]:
        return [(route, contact) for route in routes[:1] for contact in outcome.contacts(route)[:1]]

    needed = [*first(outcome.having("emergency")), *report_lines(outcome)[:1], *talk_lines(outcome)[:1]]
    if situation.abroad:
        needed += [*first(outcome.having("police", "abroad")), *first(outcome.having("images", "abroad"))]
        needed += paid_lines(outcome)[:1]
    if _for_a_child(outcome):
        needed += [*first(outcome.having("police", "report")), *first(outcome.having("prevention", "talk"))]
    if "self-worry" in situation.topics:
        needed += first(outcome.routes)
        if situation.young and situation.age != "under-13":
            needed += first(outcome.having("prevention", "children"))
    if situation.topics & _CRISIS:
        needed += first(outcome.having("crisis"))
    return list({(route.id, contact.text): (route, contact) for route, contact in needed}.values())


def unconfirmed(contact: Contact) -> bool:
    """Whether a contact, or its hours where it tells them, is less than high in confidence."""
    return contact.confidence != "high" or (
        contact.hours.open != "unknown" and contact.hours.confidence != "high"
    )


def outcomes(content: Content) -> list[Outcome]:
    """One outcome for each result and situation that any path leads to, and for whether the nation was asked."""
    distinct: dict[tuple[str, Situation, bool], Walk] = {}
    for walk in content.journey.walks():
        if walk.result:
            distinct.setdefault((walk.result.id, walk.situation, _nation_asked(walk)), walk)
    return [Outcome(content, walk) for walk in distinct.values()]


def broken_rules(content: Content) -> list[BrokenRule]:
    """Every rule that an outcome breaks, except those that the content switches off."""
    off = content.manifest.rules_off
    return [
        BrokenRule(rule, "/".join(outcome.walk.codes), outcome.result.id, problem)
        for outcome in outcomes(content)
        for rule in RULES.values()
        if rule.name not in off
        for problem in rule.check(outcome)
    ]


def check_rules(content: Content) -> None:
    """Checks every path against every rule.

    Raises:
        ContentError: a path breaks a rule, or a rule is switched off that does not exist or must not be.
            Names every rule and result, one of the paths, and what was walked.
    """
    problems = list(_rules_off(content))
    paths: dict[tuple[int, str, str], list[str]] = {}
    for each in broken_rules(content):
        paths.setdefault((each.rule.number, each.result, each.problem), []).append(each.path)
    problems += [
        ContentProblem(
            content.journey.results[result].file,
            result,
            f"Rule {number} is broken on /check/{where[0]}{f' and {len(where) - 1} more' if where[1:] else ''}: {problem}",
            f"docs/editing.md says what rule {number} asks.",
        )
        for (number, result, problem), where in paths.items()
    ]
    if problems:
        raise ContentError(problems, summary(content))


def _rules_off(content: Content) -> Iterator[ContentProblem]:
    names = (*RULES, *RULES_ON_PAGES)
    for name in content.manifest.rules_off:
        if name not in names:
            problem = f"There is no rule “{name}”.{did_you_mean(name, names)}"
            yield ContentProblem("scope.toml", "rules_off", problem, f"Write some of {', '.join(names)}.")
        elif name in RULES and RULES[name].number == 1:
            problem = f"The rule “{name}” is switched off."
            yield ContentProblem(
                "scope.toml", "rules_off", problem, "Take it out: danger always comes first."
            )


def launch_blockers(content: Content) -> list[Route]:
    """Routes that the rules lean on and of which something is not confirmed: to be checked before a real launch."""
    relied = [each for outcome in outcomes(content) for each in relied_on(outcome)]
    routes = {route.id: route for route, contact in relied if unconfirmed(contact) or route.unconfirmed}
    return [routes[id_] for id_ in sorted(routes)]


def summary(content: Content) -> str:
    """What a check has walked, in one line."""
    finished = [walk for walk in content.journey.walks() if walk.result]
    forms = {(walk.ends_at, walk.situation) for walk in finished}
    lengths = sorted(len(walk.answered) for walk in finished)
    four = sum(length <= 4 for length in lengths)
    return (
        f"Walked {len(content.journey.questions)} questions, {len(finished)} paths, "
        f"{len(content.journey.results)} results in {len(forms)} forms, {len(content.directory.routes)} routes. "
        f"The longest path asks {lengths[-1]} questions; {four} of {len(finished)} paths ask four or fewer."
    )
