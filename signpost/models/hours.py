"""Opening hours: reads them from the content, and says whether a line is open at a moment.

Uses no clock: callers pass the moment. Hours are in UK local time, so each day's spans are converted to UTC
separately; this stays right when the clocks change. A span belongs to the day on which it begins, even if it
runs past midnight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from signpost.models.errors import InvalidValue
from signpost.models.text import Translatable

#: How sure we are of a fact. "high": read on the service's own page, or on several pages that agree.
#: "unconfirmed": general knowledge that no source we read has confirmed.
Confidence = Literal["high", "medium", "low", "unconfirmed"]

UKNation = Literal["england", "wales", "scotland", "northern-ireland"]
UK_NATIONS: tuple[UKNation, ...] = ("england", "wales", "scotland", "northern-ireland")

LONDON = ZoneInfo("Europe/London")

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = tuple(day[:3].lower() for day in _DAYS)
_DAY = 24 * 60
_SATURDAY = 5

#: How many days ahead to look for the next opening or closing.
_HORIZON_DAYS = 31


@dataclass(frozen=True, slots=True)
class Times:
    """A span of one day, in minutes after its midnight. Ends on the next day if past ``24 * 60``."""

    opens: int
    closes: int

    @property
    def all_day(self) -> bool:
        """Whether it is the whole day."""
        return (self.opens, self.closes) == (0, _DAY)


@dataclass(frozen=True, slots=True)
class Span:
    """Part of the weekly hours: the days (0 is Monday), and the times that begin on each of them."""

    days: tuple[int, ...]
    times: tuple[Times, ...]

    @classmethod
    def from_text(cls, text: str) -> Span:
        """Reads "mon-thu 09:00-21:00", "sat, sun 10:00-12:00, 13:00-16:00" or "fri 22:00-02:00".

        Raises:
            InvalidValue: the text is not in this form.
        """
        found = re.fullmatch(r"([a-z ,-]+?) +(\d.*)", text.strip().lower())
        if not found:
            raise InvalidValue(
                f"“{text}” is not a day and its hours.", 'Write it such as "mon-fri 09:00-17:00".'
            )
        days: list[int] = []
        for part in found[1].split(","):
            days += _days(part.strip())
        if len(set(days)) < len(days):
            raise InvalidValue(f"“{text}” names a day twice.", "Name it once.")
        return cls(tuple(days), _times(found[2]))


@dataclass(frozen=True, slots=True)
class BankHoliday:
    """What a line does on a bank holiday: it is "closed", keeps its "usual" hours, or has "other" ``times``."""

    does: Literal["closed", "usual", "other"]
    times: tuple[Times, ...] = ()

    @classmethod
    def from_text(cls, text: str) -> BankHoliday:
        """Reads "closed", "as usual" or times such as "10:00-16:00".

        Raises:
            InvalidValue: it is none of these.
        """
        match text.strip().lower():
            case "closed":
                return cls("closed")
            case "as usual":
                return cls("usual")
            case times if re.match(r"\d", times):
                return cls("other", _times(times))
        raise InvalidValue(
            f"“{text}” is not known here.", 'Write "closed", "as usual", or times such as "10:00-16:00".'
        )


@dataclass(frozen=True, slots=True)
class Hours:
    """When a contact answers, in UK local time.

    ``open`` is "always" (24 hours, every day), "limited" (``spans`` holds the hours of a week), "any-time"
    (a form or an e-mail: send any time, an answer comes later) or "unknown", where ``days`` may hold the
    little that is known ("weekdays"). ``bank_holidays`` maps each nation to what happens on its bank holidays:
    if several of them keep a day, the first one in the mapping decides; on a bank holiday of other nations the
    usual hours apply; if the mapping is empty, the hours on bank holidays are not known. The hours are valid from
    ``begins`` to ``ends``, both included; before and after they are not known.
    """

    open: Literal["always", "limited", "any-time", "unknown"]
    source: str = ""
    confidence: Confidence = "unconfirmed"
    spans: tuple[Span, ...] = ()
    days: Translatable = ""
    bank_holidays: dict[UKNation, BankHoliday] = field(default_factory=dict)
    begins: date | None = None
    ends: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the hours are valid on this day."""
        return (self.begins is None or self.begins <= day) and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class ExtraBankHoliday:
    """A one-off bank holiday, such as for a coronation."""

    date: date
    nations: tuple[UKNation, ...] = UK_NATIONS


@dataclass(frozen=True, slots=True)
class Calendar:
    """The bank holidays of the four nations, and the extra ones that the content names.

    A bank holiday that is proclaimed or moved for one year follows no rule, so the content has to name it.
    """

    extra: tuple[ExtraBankHoliday, ...] = ()

    def kept_by(self, day: date) -> frozenset[UKNation]:
        """The nations in which a day is a bank holiday."""
        return _kept_by(self.extra, day)


@lru_cache(maxsize=1024)
def _kept_by(extra: tuple[ExtraBankHoliday, ...], day: date) -> frozenset[UKNation]:
    once = (nation for each in extra if each.date == day for nation in each.nations)
    return frozenset((*(n for n in UK_NATIONS if day in _bank_holidays(n, day.year)), *once))


@cache
def _bank_holidays(nation: UKNation, year: int) -> frozenset[date]:
    """The bank holidays of every year. One that falls on a weekend is included, and so is its substitute day, the next free weekday.

    Not from the ``holidays`` library, which loads every country's: a third of a second and 11 MB for each worker. The tests
    compare the two.
    """
    easter = _easter(year)
    moving = [easter - timedelta(days=2), _monday(year, 5, 1), _monday(year, 5, 25)]
    dated = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    if nation == "scotland":
        moving.append(_monday(year, 8, 1))
        dated += [date(year, 1, 2), date(year, 11, 30)]
    else:
        moving += [easter + timedelta(days=1), _monday(year, 8, 25)]
    if nation == "northern-ireland":
        dated += [date(year, 3, 17), date(year, 7, 12)]
    kept = {*moving, *dated}
    for day in sorted(dated):
        if day.weekday() >= _SATURDAY:
            while day.weekday() >= _SATURDAY or day in kept:
                day += timedelta(days=1)
            kept.add(day)
    return frozenset(kept)


def _easter(year: int) -> date:
    """Easter Sunday, in the years 1900 to 2199: the first Sunday after the full moon that comes on 21 March or later."""
    golden = year % 19
    moon = (19 * golden + 24) % 30
    # The moons of the calendar are a day early in some years, so that no two years of the cycle share one.
    moon -= moon == 29 or (moon == 28 and golden > 10)
    full = date(year, 3, 21) + timedelta(days=moon)
    return full + timedelta(days=7 - full.isoweekday() % 7)


def _monday(year: int, month: int, day: int) -> date:
    """The first Monday on this day or after it."""
    found = date(year, month, day)
    return found + timedelta(days=-found.weekday() % 7)


State = Literal["open", "closed", "unknown"]


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a line is open at a moment, when that changes next (UK local time), and to what.

    ``until`` and ``then`` are None if nothing changes within a month.
    """

    state: State
    until: datetime | None = None
    then: State | None = None


def opening(hours: Hours, calendar: Calendar, moment: datetime) -> Opening:
    """Whether a line with these hours is open at a moment, which must be timezone-aware, and until when."""
    moment = moment.astimezone(UTC)
    state = state_at(hours, calendar, moment)
    for change in _boundaries(hours, calendar, moment):
        if (then := state_at(hours, calendar, change)) != state:
            return Opening(state, change.astimezone(LONDON), then)
    return Opening(state)


def state_at(hours: Hours, calendar: Calendar, moment: datetime) -> State:
    """Open, closed or not known at a moment. The moment must be timezone-aware."""
    today = moment.astimezone(LONDON).date()
    for day in (today - timedelta(days=1), today):
        for times in times_begun(hours, calendar, day) or ():
            start, end = start_and_end(day, times)
            if start <= moment < end:
                return "open"
    return "unknown" if times_begun(hours, calendar, today) is None else "closed"


def _boundaries(hours: Hours, calendar: Calendar, after: datetime) -> Iterator[datetime]:
    """The moments after ``after`` at which the state may change, in order."""
    today = after.astimezone(LONDON).date()
    for day in (today + timedelta(days=n) for n in range(_HORIZON_DAYS)):
        first, last = _moment(day, 0), _moment(day, _DAY)
        found = {last}
        for began in (day - timedelta(days=1), day):
            for times in times_begun(hours, calendar, began) or ():
                found.update(start_and_end(began, times))
        yield from sorted(each for each in found if max(after, first) < each <= last)


def times_begun(hours: Hours, calendar: Calendar, day: date) -> Sequence[Times] | None:
    """The times that begin on a day, of contacts with ``always`` or ``limited`` hours; None if they are not known."""
    if hours.open not in ("always", "limited") or not hours.holds(day):
        return None
    if hours.open == "always":
        return (Times(0, _DAY),)
    kept_by = calendar.kept_by(day)
    if kept_by:
        if not hours.bank_holidays:
            return None
        rule = next((rule for nation, rule in hours.bank_holidays.items() if nation in kept_by), None)
        if rule and rule.does != "usual":
            return rule.times
    return [times for span in hours.spans if day.weekday() in span.days for times in span.times]


def start_and_end(day: date, times: Times) -> tuple[datetime, datetime]:
    """The start and end, in UTC, of times that begin on a day.

    When clocks go back, an ambiguous time opens at the later and closes at the earlier instant, so that a line
    is never shown as open too long.
    """
    return _moment(day, times.opens, later=True), _moment(day, times.closes)


@lru_cache(maxsize=1024)
def _moment(day: date, minutes: int, *, later: bool = False) -> datetime:
    """A UK local time as a UTC moment. ``later`` picks the second of two when the clocks go back."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    moment = wall.replace(tzinfo=LONDON, fold=int(later)).astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) == wall:
        return moment
    # A local time skipped in March maps to the change itself, 01:00 UTC.
    return datetime.combine(wall.date(), time(1), UTC)


def overlaps(spans: Sequence[Span]) -> bool:
    """Whether two spans of a week overlap. Whole days are ignored: an overlap with one leaves no doubt."""
    week: list[tuple[int, int, bool]] = sorted(
        (day * _DAY + each.opens, day * _DAY + each.closes, each.all_day)
        for span in spans
        for day in span.days
        for each in span.times
    )
    again = [(start + 7 * _DAY, end + 7 * _DAY, whole) for start, end, whole in week]
    every = [*week, *again]
    return any(
        later < end and not (whole or other_whole)
        for n, (_, end, whole) in enumerate(every)
        for later, _, other_whole in every[n + 1 :]
    )


def _days(text: str) -> list[int]:
    """The weekday numbers of "mon" or "mon-thu". A range may run past Sunday.

    Raises:
        InvalidValue: a word is not a day.
    """
    ends = []
    for word in text.split("-"):
        if word.strip()[:3] not in _SHORT or word.strip() not in (*_SHORT, *map(str.lower, _DAYS)):
            raise InvalidValue(f"“{word.strip()}” is not a day.", f"Write one of {', '.join(_SHORT)}.")
        ends.append(_SHORT.index(word.strip()[:3]))
    first, last = ends[0], ends[-1]
    return [day % 7 for day in range(first, last + 1 + 7 * (last < first))]


def _times(text: str) -> tuple[Times, ...]:
    """Times such as "09:00-12:00, 13:00-17:00", or "24 hours".

    Raises:
        InvalidValue: the text is not in this form, or the times overlap.
    """
    read = tuple(_one_time(each.strip()) for each in text.split(","))
    if overlaps([Span((0,), read)]):
        raise InvalidValue(f"The times “{text}” overlap.", "Correct or join them.")
    return read


def _one_time(text: str) -> Times:
    if text == "24 hours":
        return Times(0, _DAY)
    found = re.fullmatch(r"(\d\d):(\d\d) *- *(\d\d):(\d\d)", text)
    if not found:
        raise InvalidValue(f"“{text}” are no times.", 'Write them such as "09:00-17:00", or "24 hours".')
    opens, closes = (int(found[n]) * 60 + int(found[n + 1]) for n in (1, 3))
    if any(int(found[n]) > 59 for n in (2, 4)) or opens >= _DAY or closes > _DAY:
        raise InvalidValue(
            f"“{text}” has a time that no clock shows.", "Write 00:00 to 23:59; a day may end at 24:00."
        )
    if opens == closes:
        raise InvalidValue(f"“{text}” begins and ends at once.", 'Correct it, or write "24 hours".')
    # Past midnight, times must begin after noon and end before noon: "09:00-05:00" is more likely a typo.
    if closes < opens and not closes <= _DAY // 2 <= opens:
        raise InvalidValue(f"“{text}” ends before it begins.", "Swap the times, or correct one.")
    return Times(opens, closes + (_DAY if closes < opens else 0))
