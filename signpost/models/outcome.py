"""The outcome of a finished walk: everything its visitor is shown. The page and the rules both use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from signpost.models.content import Content
from signpost.models.directory import Contact, Role, Route
from signpost.models.journey import Notice, NoticeRole, Result, Situation, Step, Walk


@dataclass(frozen=True, slots=True)
class VisibleStep:
    """A step as a visitor meets it: a notice, or a route with the reason it stands there."""

    route: Route | None = None
    why: str = ""
    notice: Notice | None = None


class Outcome:
    """What the visitor at the end of a walk is shown.

    Attributes:
        content: the content, in the language of the page.
        walk: the finished walk.
        result: the result it ended at.
        situation: what its answers implied.
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
        """What is shown for after the emergency call."""
        return self._visible(self.result.after)

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """The routes among ``steps``."""
        return tuple(step.route for step in self.steps if step.route)

    @cached_property
    def crisis(self) -> tuple[Route, ...]:
        """The routes for a crisis that fit this visitor and are not among ``steps`` already."""
        if not self.result.crisis or self.situation.abroad:
            return ()
        emergency, shown = self.content.emergency, {route.id for route in self.routes}
        names = emergency.crisis_young if self.situation.young else emergency.crisis
        return tuple(route for name in names for route in self._fitting(name) if route.id not in shown)

    @cached_property
    def all_routes(self) -> tuple[Route, ...]:
        """Every route on the page: the steps, those for after the call, and those for a crisis."""
        return (*self.routes, *(step.route for step in self.after if step.route), *self.crisis)

    @cached_property
    def talk_line(self) -> tuple[Route, Contact] | None:
        """The first line to a person who listens. ``result.when_shut`` is for when this line is shut."""
        for route in self.routes:
            for contact in route.talk_lines(self.situation.abroad):
                return route, contact
        return None

    @property
    def may_share(self) -> bool:
        """Whether the page offers to send its numbers."""
        return self.situation.may_share

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

    def _fitting(self, name: str) -> tuple[Route, ...]:
        return self.content.directory.fitting(name, self.situation.nation, self.situation.ages)

    def _visible(self, steps: Sequence[Step]) -> tuple[VisibleStep, ...]:
        """The steps that this situation is shown, with each family replaced by the route that fits."""
        visible = []
        for step in steps:
            if not step.when.matches(self.situation):
                continue
            if step.notice:
                visible.append(VisibleStep(notice=self.content.journey.notices[step.notice]))
            for route in self._fitting(step.route) if step.route else ():
                visible.append(VisibleStep(route=route, why=step.why))
        return tuple(visible)
