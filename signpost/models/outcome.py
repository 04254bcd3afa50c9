"""The outcome of a finished walk: everything its visitor is shown. The page and the rules both use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from signpost.models.content import Content
from signpost.models.directory import Contact, Kind, Role, Route
from signpost.models.journey import Notice, NoticeRole, Result, Situation, Step, Topic, Walk
from signpost.models.markdown import links

#: Topics on which visitors are most afraid to call, so results say first what a service may pass on.
_LIMITS_FIRST: frozenset[Topic] = frozenset({"self-worry", "unnamed"})
#: Topics on which a child may be in despair now, so results show the help for a crisis near the top.
_CRISIS_FIRST: frozenset[Topic] = frozenset({"blackmail", "own-image", "arrest"})


@dataclass(frozen=True, slots=True)
class VisibleStep:
    """A step as the visitor sees it: a notice, or a route with the reason why it is shown."""

    route: Route | None = None
    why: str = ""
    notice: Notice | None = None
    first: bool = False
    by: Kind | None = None

    def contacts(self, abroad: bool) -> tuple[Contact, ...]:
        """The contacts of its route that work from outside the UK (``abroad``) or from inside, the button's first."""
        contacts = self.route.contacts_from(abroad) if self.route else ()
        return tuple(sorted(contacts, key=lambda each: each.kind != self.by)) if self.by else contacts


class Outcome:
    """What the visitor at the end of a walk is shown.

    Attributes:
        content: the content, in the language of the page.
        walk: the finished walk.
        result: the result it ended at.
        situation: what the answers imply about the visitor.
    """

    def __init__(self, content: Content, walk: Walk) -> None:
        """
        Args:
            content: the content.
            walk: a walk that has a result.
        """
        assert walk.result is not None
        self.content = content
        self.walk = walk
        self.result: Result = walk.result
        self.situation: Situation = walk.situation

    @cached_property
    def steps(self) -> tuple[VisibleStep, ...]:
        """The notices and routes on the result, in order."""
        return self._visible(self.result.steps)

    @cached_property
    def after(self) -> tuple[VisibleStep, ...]:
        """The steps shown for after the emergency call."""
        return self._visible(self.result.after)

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """The routes among ``steps``."""
        return tuple(step.route for step in self.steps if step.route)

    @cached_property
    def crisis(self) -> tuple[Route, ...]:
        """The routes for a crisis that fit this visitor and are not already among ``steps``.

        A line that serves only one nation is included only if that is known to be the visitor's nation.
        """
        if not self.result.crisis or self.situation.abroad:
            return ()
        emergency, shown = self.content.emergency, {route.id for route in self.routes}
        names = emergency.crisis_young if self.situation.young else emergency.crisis
        fitting = [self._fitting(name) for name in names]
        return tuple(routes[0] for routes in fitting if len(routes) == 1 and routes[0].id not in shown)

    @cached_property
    def all_routes(self) -> tuple[Route, ...]:
        """Every route on the page: the steps, those for after the call, and those for a crisis."""
        return (*self.routes, *(step.route for step in self.after if step.route), *self.crisis)

    @cached_property
    def talk_line(self) -> tuple[Route, Contact] | None:
        """The first line for talking to somebody. ``result.when_shut`` is the text for when it is closed."""
        for route in self.routes:
            for contact in route.talk_lines(self.situation.abroad):
                return route, contact
        return None

    @property
    def limits_first(self) -> bool:
        """Whether a card says what the service may pass on before its number: this visitor may be afraid to call."""
        return bool(self.situation.topics & _LIMITS_FIRST)

    @property
    def crisis_first(self) -> bool:
        """Whether to show the help for a crisis near the top."""
        return bool(self.situation.topics & (_CRISIS_FIRST if self.situation.young else {"arrest"}))

    @property
    def may_share(self) -> bool:
        """Whether the page offers to print or send its numbers.

        Not if the person who does it may live with the visitor, and so find the paper or the message.
        """
        return self.situation.may_share and self.notice("shared-home") is None

    @property
    def texts(self) -> tuple[str, ...]:
        """The running texts of its result and notices."""
        notices = [step.notice for step in self.steps if step.notice]
        return (
            self.result.lead,
            self.result.when_shut,
            *(notice.body for notice in notices),
            *(notice.more for notice in notices),
        )

    @property
    def about_themselves(self) -> bool:
        """Whether it is about what the visitor thinks, does or is accused of."""
        return self.about("self-worry", "accused", "law")

    def about(self, *topics: Topic) -> bool:
        """Whether the visitor's situation has one of these topics."""
        return bool(self.situation.topics & set(topics))

    def called(self, *texts: str) -> list[Route]:
        """The routes whose numbers the texts link to."""
        ids = (link.target for text in texts for link in links(text) if link.scheme == "call")
        return [self.content.directory.routes[id_] for id_ in ids]

    def having(self, *roles: Role) -> list[Route]:
        """The routes on the page that have all these roles."""
        return [route for route in self.all_routes if set(roles) <= set(route.roles)]

    def place(self, *roles: Role) -> int | None:
        """The index among ``steps`` of the first route that has one of these roles."""
        return next(
            (n for n, s in enumerate(self.steps) if s.route and set(roles) & set(s.route.roles)), None
        )

    def notice(self, role: NoticeRole) -> int | None:
        """The index among ``steps`` of the first notice that has this role."""
        return next((n for n, s in enumerate(self.steps) if s.notice and role in s.notice.roles), None)

    def contacts(self, route: Route) -> tuple[Contact, ...]:
        """The contacts of a route that work from where the visitor is."""
        return route.contacts_from(self.situation.abroad)

    def _fitting(self, name: str, for_child: bool = False) -> tuple[Route, ...]:
        return self.content.directory.fitting(name, self.situation.nation, self.situation.ages, for_child)

    def _visible(self, steps: Sequence[Step]) -> tuple[VisibleStep, ...]:
        """The steps shown in this situation, with each family replaced by the route that fits.

        A route that several steps name is shown once, in the place of the first: so a condition on an early step
        moves it up.
        """
        visible: list[VisibleStep] = []
        shown: set[str] = set()
        for step in steps:
            if not step.when.matches(self.situation):
                continue
            if step.notice:
                visible.append(VisibleStep(notice=self.content.journey.notices[step.notice]))
            if step.route:
                fitting = self._fitting(step.route, step.for_child)
                visible += [
                    VisibleStep(route, step.why, first=step.first, by=step.by)
                    for route in fitting
                    if route.id not in shown
                ]
                shown |= {route.id for route in fitting}
        # Keep the order for visitors abroad: a form may help them, and a call costs money.
        return tuple(visible) if self.situation.abroad else _numbers_first(visible)


def _numbers_first(steps: Sequence[VisibleStep]) -> tuple[VisibleStep, ...]:
    """The steps, with cards that have only a web address or form moved after the first phone number.

    A frightened person should not have to read past a form to find somebody to speak to. Steps that an editor
    marks ``first`` keep their place.
    """

    def kinds(step: VisibleStep) -> list[str]:
        return [contact.kind for contact in step.contacts(abroad=False)[:1]]

    number = next((n for n, each in enumerate(steps) if kinds(each) in (["phone"], ["text"])), None)
    if number is None:
        return tuple(steps)
    later = [
        each for each in steps[:number] if each.route and not each.first and kinds(each) != ["in-person"]
    ]
    sooner = [each for each in steps[:number] if each not in later]
    return (*sooner, steps[number], *later, *steps[number + 1 :])
