"""The rules that every path must keep; docs/editing.md lists them.

Each rule checks one outcome: a result as shown in one situation. It asks what a route can do (its roles), never
which route it is, so editors may change every text and every route. If two rules conflict, the earlier in this
order wins: 1, 4 and 5, 3, 7, 6, 2, the rest. Every registered rule runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from signpost.models.content import Content
from signpost.models.directory import Contact, Role, Route
from signpost.models.errors import ContentError, ContentProblem
from signpost.models.journey import NoticeRole, Question, Situation, Topic, Walk
from signpost.models.markdown import links
from signpost.models.outcome import Outcome
from signpost.models.toml import did_you_mean


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its number, the name by which content can switch it off, and its check.

    ``check`` yields a sentence for each problem with an outcome.
    """

    number: int
    name: str
    check: Callable[[Outcome], Iterator[str]]


#: Every registered rule, by name.
RULES: dict[str, Rule] = {}


#: Rules about rendered pages, by name. Only ``flask check`` runs them (web/lengths.py), not the start of the site.
RULES_ON_PAGES = {"length": 17}


def rule(number: int) -> Callable[[Callable[[Outcome], Iterator[str]]], Callable[[Outcome], Iterator[str]]]:
    """Registers a function as the rule with this number. The rule's name is the function's, with hyphens."""

    def register(check: Callable[[Outcome], Iterator[str]]) -> Callable[[Outcome], Iterator[str]]:
        name = check.__name__.replace("_", "-")
        RULES[name] = Rule(number, name, check)
        return check

    return register


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A broken rule: the rule, the codes of a path that breaks it, the path's result, and the problem."""

    rule: Rule
    path: str
    result: str
    problem: str


@rule(1)
def emergency_first(outcome: Outcome) -> Iterator[str]:
    """On "danger now" nothing competes with 999; abroad, no link calls a number that works only in the UK."""
    if outcome.situation.danger:
        others = [s for s in outcome.steps if s.notice or (s.route and "emergency" not in s.route.roles)]
        if others or not outcome.routes:
            yield "danger now must show the emergency route, and nothing else before “after”. Move other steps to “after”."
    elif outcome.result.after:
        yield "“after” is for danger now only. Move its steps to “steps”."
    if outcome.situation.abroad:
        for route in outcome.called(*outcome.texts):
            if route.primary_contact.reachable_from == "uk":
                yield f"its words have the number of “{route.id}” to press, which works only in the UK. Link to its page: [words](route:{route.id})."


@rule(2)
def reachable_now(outcome: Outcome) -> Iterator[str]:
    """In the UK: a free report line, day and night; a line to talk to; a text for when that is closed."""
    if outcome.situation.danger:  # rule 1 comes first
        return
    if outcome.situation.abroad:
        if outcome.about_themselves and not outcome.result.when_shut:
            yield f"{_NO_WHEN_SHUT} Add when_shut to the result."
        elif not outcome.about_themselves:
            yield from _reachable_from_abroad(outcome)
        return
    yield from _when_shut(outcome)
    if outcome.about_themselves:  # rule 7 comes first: no police as a stand-in for the helpline
        return
    if not report_lines(outcome):
        yield f"there is no free phone line that takes reports day and night. {_add_route(outcome, 'report')} Its contact has kind “phone”, cost “free”, hours “always” and “report” in purpose."
    if not talk_lines(outcome):
        yield f"there is no line to talk to. {_add_route(outcome, 'talk')} Its contact has kind “phone” and “talk” in purpose."
    elif all(contact.hours.open == "unknown" for _, contact in talk_lines(outcome)):
        yield "no line to talk to has known opening hours. Add a step with one that has, or enter the hours in its file."
    if outcome.about("talk") and not _any_hour(outcome, outcome.result.lead):
        yield "the lead has no number to press that answers at any hour. Put [](call:name) of such a line into lead."


_NO_WHEN_SHUT = "there are no words for when the line to talk to is shut."


def _add_notice(outcome: Outcome, role: NoticeRole) -> str:
    """The fix for a missing notice: a step with a notice that has the role."""
    able = [notice.id for notice in outcome.content.journey.notices.values() if role in notice.roles]
    return f"Add a step with a notice that has the role “{role}”: {', '.join(able) or 'none has it yet'}."


def _add_route(outcome: Outcome, *roles: Role) -> str:
    """The fix for a missing service: a step with a route that has the roles."""
    named = " and ".join(f"“{role}”" for role in roles)
    situation = outcome.situation
    able = [
        route.id
        for route in outcome.content.directory.routes.values()
        if {*roles} <= {*route.roles} and route.ages.cover(situation.ages)
    ]
    return f"Add a step with a route that has the role {named}: {', '.join(able[:5]) or 'none has it yet'}."


def _name(route: Route, contact: Contact) -> str:
    """A contact as editors can find it: its position in the file, and its number or address."""
    return f"its contact {route.contacts.index(contact) + 1} ({contact.text or contact.label}) or its hours"


def _when_shut(outcome: Outcome) -> Iterator[str]:
    """In the UK: a text for when the line to talk to is closed, with a link to a number that answers then."""
    if not outcome.result.when_shut:
        yield f"{_NO_WHEN_SHUT} Add when_shut to the result, with [](call:name) of a line that answers at any hour."
    elif not _any_hour(outcome, outcome.result.when_shut):
        yield "the words for when the line is shut have no number to press that answers at any hour. Put [](call:name) of such a line into when_shut."


def _any_hour(outcome: Outcome, text: str) -> bool:
    """Whether a text links to a number that answers day and night."""
    return any(route.primary_contact.round_the_clock for route in outcome.called(text))


#: A route and the contact by which it satisfies a rule.
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
    """Phone lines for talking to somebody."""
    abroad = outcome.situation.abroad
    return [(route, contact) for route in outcome.all_routes for contact in route.talk_lines(abroad)]


def _reachable_from_abroad(outcome: Outcome) -> Iterator[str]:
    if not outcome.having("police", "abroad"):
        yield f"outside the UK, the police of that country are missing. {_add_route(outcome, 'police', 'abroad')}"
    # A visitor abroad about a picture of an adult needs neither: foreign hotlines and our helplines take only what is about
    # children.
    about_adult = outcome.situation.picture == "adult"
    if not about_adult and not outcome.having("images", "abroad"):
        yield f"outside the UK, the way to find a country’s own hotline is missing. {_add_route(outcome, 'images', 'abroad')}"
    paid = paid_lines(outcome)
    if any(contact.cost == "unknown" for _, contact in paid):
        yield "outside the UK, a number in the UK does not say what it costs. Enter cost in its contact."
    if not outcome.situation.young and not about_adult and not paid:
        yield "outside the UK, there is no number in the UK that can be called from there."


def paid_lines(outcome: Outcome) -> list[Reliance]:
    """UK numbers that can be called from abroad, and must say what that costs."""
    return [(r, c) for r in outcome.all_routes for c in outcome.contacts(r) if c.number.startswith("+44")]


@rule(3)
def serves_the_visitor(outcome: Outcome) -> Iterator[str]:
    """Every route serves the visitor's age and nation. Under 13 and about oneself: only one line, for children."""
    situation = outcome.situation
    for step in outcome.result.steps:
        fitting = outcome.content.directory.fitting(
            step.route, situation.nation, situation.ages, step.for_child
        )
        if step.route and step.when.matches(situation) and not fitting:
            yield f"“{step.route}” serves nobody of this age in this nation. Give the step “when”, or correct ages or nations in its file."
    if situation.nation is None and not situation.danger:
        for route in outcome.all_routes:
            if not set(outcome.content.manifest.nations) <= _nations_covered(outcome, route):
                yield f"“{route.id}” does not serve every nation, and the nation is not known. Give the step when = {{ nation = [...] }}, or name its family."
    if (
        situation.age == "under-13"
        and "self-worry" in situation.topics
        and (len(outcome.all_routes) != 1 or outcome.having("children", "talk") != list(outcome.all_routes))
    ):
        yield "a child under 13 who is worried about themselves must be shown one service only, a line for children. Take the others out of steps, or limit them with “when”."


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
    """A visitor who came across a picture sees the right notice before the first image route."""
    image = outcome.situation.image
    if image is None or outcome.situation.danger:
        return
    wanted = _IMAGE_NOTICE[image]
    notice = outcome.notice(wanted)
    if notice is None:
        yield f"the notice for pictures ({wanted}) is missing. {_add_notice(outcome, wanted)}"
        return
    images = outcome.place("images", "adult-images")
    if images is not None and images < notice:
        yield "an image route stands before the notice for pictures. Move the notice above it in steps."
    prevention = outcome.place("prevention")
    if image == "viewing" and (prevention is None or notice < prevention):
        yield "the notice about one’s own viewing stands above the helpline, or the helpline is missing. Put a step with a route that has the role “prevention” above the notice."


@rule(5)
def age_in_the_picture(outcome: Outcome) -> Iterator[str]:
    """No route or advice for adult images unless the person pictured was certainly 18 or over.

    And where they were, no helpline about harm to children: it does not take that.
    """
    if outcome.situation.picture == "adult":
        for shown in outcome.routes:
            if "prevention" in shown.roles:
                yield f"“{shown.id}” is about harm to children, and the picture is of an adult."
        return
    reached = _linked(outcome) | {route.id for route in outcome.all_routes} | set(outcome.result.advice)
    for id_ in sorted(reached):
        route, topic = outcome.content.directory.routes.get(id_), outcome.content.advice.get(id_)
        if route and "adult-images" in route.roles:
            yield f"“{id_}” is only for pictures of adults, and even a link to it has no place here."
        if topic and topic.adult_images:
            yield f"the advice “{id_}” is only for pictures of adults."


def _linked(outcome: Outcome) -> set[str]:
    """The ids of routes and advice that the outcome's texts link to, and those its advice pages link to."""
    advice = [outcome.content.advice[topic].body for topic in outcome.result.advice]
    return {link.target for text in (*outcome.texts, *advice) for link in links(text)}


@rule(6)
def known_adult(outcome: Outcome) -> Iterator[str]:
    """An adult in the UK worried about a child or about an adult is shown the police and the prevention helpline."""
    if not _for_a_child(outcome):
        return
    if not outcome.having("police", "report"):
        yield f"the police are missing. {_add_route(outcome, 'police', 'report')}"
    if not outcome.having("prevention", "talk"):
        yield f"the helpline for people worried about an adult is missing. {_add_route(outcome, 'prevention', 'talk')}"


def _for_a_child(outcome: Outcome) -> bool:
    """Whether an adult in the UK is worried about a child, or about an adult they know (rule 6)."""
    situation = outcome.situation
    if situation.young or situation.abroad or situation.danger or outcome.about("self-worry"):
        return False
    return outcome.about("known-adult", "child-worry")


@rule(7)
def own_worry_first(outcome: Outcome) -> Iterator[str]:
    """Somebody worried about themselves is shown the helpline for that first, and not the police in its place.

    For thoughts that frighten them, a doctor comes before it.
    """
    situation = outcome.situation
    if "self-worry" not in situation.topics or situation.danger or not outcome.routes:
        return
    first = outcome.routes[0]
    if situation.young:
        if not {"talk", "children"} <= set(first.roles):
            yield "the first service is not a line for children. Move one with the roles “talk” and “children” to the top of steps."
        if situation.age == "13-17" and not situation.abroad and not outcome.having("prevention", "children"):
            yield f"the service for teenagers worried about themselves is missing. {_add_route(outcome, 'prevention', 'children')}"
    elif "own-fear" in situation.topics and not situation.abroad:
        if "health" not in first.roles:
            yield "the first service is not a doctor, though the thoughts frighten the visitor. Move one with the role “health” to the top of steps."
        if not outcome.having("prevention", "talk"):
            yield f"the helpline for people worried about themselves is missing. {_add_route(outcome, 'prevention', 'talk')}"
    elif "prevention" not in first.roles:
        yield "the first service is not the helpline for people worried about themselves. Move one with the role “prevention” to the top of steps."
    police = [r for r in outcome.routes if "police" in r.roles]
    if police and "blackmail" not in situation.topics:
        yield f"“{police[0].id}” is the police, and must not stand in for the helpline. Take the step out."
    if "doing" in situation.topics:
        apart = outcome.notice("keep-apart")
        if apart is None or apart > outcome.steps.index(next(s for s in outcome.steps if s.route)):
            yield f"nothing above the first number says not to be alone with a child. {_add_notice(outcome, 'keep-apart')}"


@rule(8)
def says_about_names(outcome: Outcome) -> Iterator[str]:
    """Each route says whether a name is needed."""
    for route in outcome.all_routes:
        if not route.privacy.words.strip():
            yield f"“{route.id}” does not say what happens with a name. Write words under [privacy] in its file."


@rule(9)
def says_what_happens(outcome: Outcome) -> Iterator[str]:
    """Each route says what happens next, its accessibility and its languages, or that these are not known."""
    for route in outcome.all_routes:
        if not (route.next.strip() and route.access.strip() and route.languages.strip()):
            yield f"“{route.id}” leaves out what happens next, access or languages."


#: Topics on which a visitor may be tempted to investigate, warn the suspect, or delete evidence.
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
    """Where somebody may be suspected, a notice says what to leave to the police."""
    situation = outcome.situation
    if situation.danger or ("self-worry" in situation.topics and "blackmail" not in situation.topics):
        return
    # A child in whose family somebody was arrested has nothing to leave alone, and should not feel asked to watch.
    suspects = _LEAVE_IT - {"arrest"} if situation.young else _LEAVE_IT
    if situation.topics & suspects and outcome.notice("leave-it") is None:
        yield f"nothing says what to leave to the police. {_add_notice(outcome, 'leave-it')}"


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

#: Topics on which a child is at risk of a crisis: the help for it must be near the top (rules 11 and 12).
_CHILD_IN_CRISIS: tuple[Topic, ...] = ("blackmail", "own-image", "coerced")


@rule(11)
def crisis_help(outcome: Outcome) -> Iterator[str]:
    """Where a crisis is likely, there is help for it that fits the visitor's age, near the top if need be."""
    situation = outcome.situation
    if situation.danger or not situation.topics & _CRISIS:
        return
    # If an adult worries about a child, the text in view may link to a line for the child.
    named = outcome.called(*(step.notice.body for step in outcome.steps if step.notice))
    if situation.abroad:
        if not outcome.result.crisis:
            yield "the help for crisis is missing. Write crisis = true in the result."
    elif not outcome.having("crisis") and not (
        outcome.about("child-worry") and any("crisis" in route.roles for route in named)
    ):
        yield f"no route for crisis fits the visitor’s age. Write crisis = true in the result, or: {_add_route(outcome, 'crisis')}"
    of_another = not situation.young and not outcome.about_themselves
    if outcome.about("arrest") and of_another and outcome.notice("arrest-risk") is None:
        yield f"nothing says that the person who was arrested may be at risk. {_add_notice(outcome, 'arrest-risk')}"
    urgent = outcome.about("arrest") or (situation.young and outcome.about(*_CHILD_IN_CRISIS))
    # UK lines cannot be called from abroad: there the page itself puts the text about a crisis at the top.
    if urgent and (of_another or not situation.abroad) and not _early(outcome):
        yield "the help for a crisis stands too far down. Put [](call:name) of a line for it into lead, or move its step up."


def _early(outcome: Outcome) -> bool:
    """Whether the lead or the first third of the steps has help for a crisis."""
    if any("crisis" in route.roles for route in outcome.called(outcome.result.lead)):
        return True
    return any(
        (step.route and "crisis" in step.route.roles) or (step.notice and "arrest-risk" in step.notice.roles)
        for step in outcome.steps[: ceil(len(outcome.steps) / 3)]
    )


@rule(12)
def for_a_child(outcome: Outcome) -> Iterator[str]:
    """A child reads what each service does with what they say, and that they can tell an adult they trust."""
    if not outcome.situation.young:
        return
    if outcome.notice("trusted-adult") is None:
        yield f"nothing says to tell an adult they trust. {_add_notice(outcome, 'trusted-adult')}"
    for route in outcome.all_routes:
        if route.children is None:
            yield f"“{route.id}” does not say what a child should know first. Add a table [children] to its file."
    if outcome.about(*_CHILD_IN_CRISIS) and not outcome.situation.abroad:
        lead = outcome.result.lead
        if not any({"children", "talk"} <= set(r.roles) for r in outcome.called(lead)) or "999" not in lead:
            yield "the lead has no line for children to press, or does not say when to call 999."


@rule(13)
def confirmed(outcome: Outcome) -> Iterator[str]:
    """A contact that satisfies a rule is confirmed, or its route says in words what is not."""
    for route, contact in relied_on(outcome):
        if unconfirmed(contact) and not route.unconfirmed:
            yield f"“{route.id}” is required here, {_name(route, contact)} is not confirmed, and its file does not say so. Confirm it, or say what is not sure in “unconfirmed”."


@rule(14)
def rights(outcome: Outcome) -> Iterator[str]:
    """A visitor who is investigated or accused, or whose child is, sees their rights near the top."""
    if outcome.situation.danger or not outcome.about("investigated"):
        return
    place = outcome.notice("rights")
    if place is None:
        yield f"nothing says what rights there are at a police interview. {_add_notice(outcome, 'rights')}"
    elif place > _NEAR_THE_TOP:
        yield "the notice about rights at a police interview is too far down. Move it to the first three steps."


#: The last index of a step that counts as near the top of a result.
_NEAR_THE_TOP = 2


@rule(15)
def nation_and_duty(outcome: Outcome) -> Iterator[str]:
    """The nation is asked wherever a duty depends on it, and the duty is shown only to those who have it."""
    situation = outcome.situation
    shown = outcome.notice("duty-northern-ireland") is not None
    owed = outcome.about("child-worry") and not (situation.young or situation.danger or situation.abroad)
    if shown and not (owed and situation.nation == "northern-ireland"):
        yield 'the duty in Northern Ireland is shown to somebody who does not have it. Give the step when = { nation = ["northern-ireland"] }.'
    if not owed or outcome.about("talk"):
        return
    if situation.nation == "northern-ireland" and not shown:
        yield f"the duty in Northern Ireland is not shown. {_add_notice(outcome, 'duty-northern-ireland')}"
    if not _nation_asked(outcome.walk):
        yield "the nation was not asked, and a duty depends on it. Lead an answer of this path to the question by next."


def _nation_asked(walk: Walk) -> bool:
    """Whether any question of the walk asks for the nation, whatever the answer was."""
    return any(_asks_nation(question) for question, _ in walk.answered)


def _asks_nation(question: Question) -> bool:
    return any(answer.implies.nation for answer in question.answers)


@rule(16)
def sure_ones_first(outcome: Outcome) -> Iterator[str]:
    """The first route has a confirmed way to reach it, so that the visitor does not start with a doubtful one."""
    for route in outcome.routes[:1]:
        if all(contact.confidence in ("low", "unconfirmed") for contact in outcome.contacts(route)):
            yield f"“{route.id}” stands first, and no way to reach it is sure."


def relied_on(outcome: Outcome) -> list[Reliance]:
    """The contacts by which rules 1, 2, 6, 7 and 11 are satisfied here: the first one for each."""
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
    """Whether a contact, or its hours if it gives any, has less than high confidence."""
    return contact.confidence != "high" or (
        contact.hours.open != "unknown" and contact.hours.confidence != "high"
    )


def outcomes(content: Content) -> list[Outcome]:
    """One outcome for each combination of result, situation, and whether the nation was asked, that a path reaches."""
    distinct: dict[tuple[str, Situation, bool], Walk] = {}
    # Looked up once for each question: there are many more walks.
    asking = {question.id for question in content.journey.questions.values() if _asks_nation(question)}
    for walk in content.journey.walks():
        if walk.result:
            asked = any(question.id in asking for question, _ in walk.answered)
            distinct.setdefault((walk.result.id, walk.situation, asked), walk)
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
            Names each broken rule and result, one path that breaks it, and how much was checked.
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
            f"Rule {number} in docs/editing.md says why.",
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
    """Routes that satisfy rules and have an unconfirmed fact: to be confirmed before a real launch."""
    relied = [each for outcome in outcomes(content) for each in relied_on(outcome)]
    routes = {route.id: route for route, contact in relied if unconfirmed(contact) or route.unconfirmed}
    return [routes[id_] for id_ in sorted(routes)]


def summary(content: Content) -> str:
    """A one-line summary of how much a check has walked."""
    finished = [walk for walk in content.journey.walks() if walk.result]
    forms = {(walk.ends_at, walk.situation) for walk in finished}
    lengths = sorted(len(walk.answered) for walk in finished)
    four = sum(length <= 4 for length in lengths)
    return (
        f"Walked {len(content.journey.questions)} questions, {len(finished)} paths, "
        f"{len(content.journey.results)} results in {len(forms)} forms, {len(content.directory.routes)} routes. "
        f"The longest path asks {lengths[-1]} questions; {four} of {len(finished)} paths ask four or fewer."
    )
