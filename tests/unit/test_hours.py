"""Opening hours: how they are written, their words, and when a line is open. Expected values were worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from signpost.i18n.hours_text import HoursFormatter
from signpost.models.errors import InvalidValue
from signpost.models.hours import (
    LONDON,
    UK_NATIONS,
    BankHoliday,
    Calendar,
    ExtraBankHoliday,
    Hours,
    Opening,
    Span,
    Times,
    _bank_holidays,
    opening,
    overlaps,
    state_at,
)

PLAIN = Calendar()
ENGLISH = HoursFormatter()
NAMES = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}
EVERYWHERE = dict.fromkeys(UK_NATIONS, BankHoliday("closed"))


def weekly(*spans: str, **rest) -> Hours:
    return Hours("limited", "page", "high", tuple(map(Span.from_text, spans)), **rest)


def holidays(**rules: str) -> dict:
    return {
        nation.replace("_", "-"): BankHoliday.from_text(rule.replace("_", " "))
        for nation, rule in rules.items()
    }


def uk(text: str, fold: int = 0) -> datetime:
    """A UK local time; ``fold`` 1 is the second of two equal times in October."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


def said(hours: Hours, moment: datetime, calendar: Calendar = PLAIN) -> str:
    return ENGLISH.opening(opening(hours, calendar, moment), moment)


# ---- what is written, and what it says

DAY_LINE = weekly("mon-thu 09:00-21:00", "fri 09:00-17:00", bank_holidays=EVERYWHERE)
NIGHTS = weekly(
    "sun-fri 17:00-09:00",
    "sat-sun 24 hours",
    bank_holidays=holidays(northern_ireland="24 hours, 17:00-09:00"),
)


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        (["mon-thu 09:00-21:00", "fri 09:00-17:00"], "Monday to Thursday, 9am to 9pm, and Friday, 9am to 5pm"),
        (["mon-sun 10:00-22:00"], "every day, 10am to 10pm"),
        (["fri-mon 18:00-02:00"], "Friday to Monday, 6pm to 2am"),
        (["sat, sun 10:30-16:45"], "Saturday and Sunday, 10:30am to 4:45pm"),
        (["mon, wed, fri 09:00-12:00, 13:00-17:30"], "Monday, Wednesday and Friday, 9am to noon and 1pm to 5:30pm"),
        (["Monday 12:00-24:00"], "Monday, noon to midnight"),
        (["tue 00:00-12:00"], "Tuesday, midnight to noon"),
        (["sun-fri 17:00-09:00", "sat-sun 24 hours"], "Sunday to Friday, 5pm to 9am, and Saturday and Sunday, all day"),
        (["mon 18:00-00:00"], "Monday, 6pm to midnight"),
        (["mon-sun 17:00-09:00", "sat-sun 24 hours"], "every night, 5pm to 9am, and Saturday and Sunday, all day"),
        (["mon-sun 18:00-00:00"], "every day, 6pm to midnight"),
        (["mon 24 hours, 17:00-09:00"], "Monday, all day"),  # the night adds nothing to a whole day
    ],
)  # fmt: skip
def test_the_words_are_made_from_the_spans(spans, words):
    assert ENGLISH.week(weekly(*spans)) == words


@pytest.mark.parametrize(
    ("span", "problem"),
    [
        ("mon-fri", "“mon-fri” is not a day and its hours."),
        ("09:00-17:00", "“09:00-17:00” is not a day and its hours."),
        ("munday 09:00-17:00", "“munday” is not a day."),
        ("mon-freitag 09:00-17:00", "“freitag” is not a day."),
        ("mon, mon-tue 09:00-17:00", "“mon, mon-tue 09:00-17:00” names a day twice."),
        ("mon 9-17", "“9-17” are no times."),
        ("mon 9am-5pm", "“9am-5pm” are no times."),
        ("mon 09:00-17:60", "“09:00-17:60” has a time that no clock shows."),
        ("mon 24:00-02:00", "“24:00-02:00” has a time that no clock shows."),
        ("mon 09:00-24:30", "“09:00-24:30” has a time that no clock shows."),
        ("mon 09:00-09:00", "“09:00-09:00” begins and ends at once."),
        ("mon 17:00-13:00", "“17:00-13:00” ends before it begins."),
        ("mon 09:00-05:00", "“09:00-05:00” ends before it begins."),
        ("mon 09:00-12:00, 11:00-13:00", "The times “09:00-12:00, 11:00-13:00” overlap."),
    ],
)
def test_a_span_that_is_written_wrong_is_refused_with_its_fix(span, problem):
    with pytest.raises(InvalidValue) as wrong:
        Span.from_text(span)
    assert str(wrong.value) == problem
    assert wrong.value.fix


@pytest.mark.parametrize(
    ("spans", "overlap"),
    [
        (["mon-fri 09:00-17:00", "sat 09:00-17:00"], False),
        (["mon-fri 09:00-17:00", "fri 16:00-18:00"], True),
        (["mon 22:00-02:00", "tue 02:00-03:00"], False),
        (["mon 22:00-02:00", "tue 01:00-03:00"], True),
        (["sun 22:00-02:00", "mon 01:00-03:00"], True),  # the week is a circle
        (["mon 09:00-12:00", "mon 12:00-17:00"], False),
        (["fri 17:00-09:00", "sat 24 hours"], False),  # whole days are ignored
    ],
)
def test_hours_that_overlap_are_seen(spans, overlap):
    assert overlaps(weekly(*spans).spans) == overlap


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({}, "Bank holidays may differ."),
        (EVERYWHERE, "Bank holidays: closed."),
        (holidays(england="closed", wales="closed"), "Bank holidays in England and Wales: closed."),
        (holidays(scotland="as_usual"), "Bank holidays in Scotland: as usual."),
        (
            holidays(england="10:00-16:00", scotland="closed"),
            "Bank holidays in England: 10am to 4pm. Bank holidays in Scotland: closed.",
        ),
    ],
)
def test_bank_holidays_in_words(rules, words):
    assert ENGLISH.holidays(weekly("mon 09:00-17:00", bank_holidays=rules), NAMES) == words
    assert ENGLISH.holidays(Hours("always"), NAMES) == ""


def test_a_rule_for_bank_holidays_that_is_not_known_is_refused():
    with pytest.raises(InvalidValue, match="“shut” is not known here"):
        BankHoliday.from_text("shut")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-24 00:05", "12:05am"),
        ("2026-11-24 02:10", "2:10am"),
        ("2026-11-24 12:00", "12:00pm"),
        ("2026-07-24 23:59", "11:59pm"),
    ],
)
def test_the_moment_is_in_uk_local_time(moment, words):
    assert ENGLISH.clock(uk(moment).astimezone(UTC)) == words


# ---- ordinary weeks (24 November 2026 is a Tuesday)


@pytest.mark.parametrize(
    ("hours", "moment", "words"),
    [
        (DAY_LINE, "2026-11-24 08:59", "Closed now, opens today 9am"),
        (DAY_LINE, "2026-11-24 09:00", "Open now, until 9pm"),
        (DAY_LINE, "2026-11-24 20:59", "Open now, until 9pm"),
        (DAY_LINE, "2026-11-24 21:00", "Closed now, opens Wednesday 9am"),
        (DAY_LINE, "2026-11-20 16:59", "Open now, until 5pm"),
        (DAY_LINE, "2026-11-20 17:00", "Closed now, opens Monday 9am"),
        (DAY_LINE, "2026-11-22 23:59", "Closed now, opens Monday 9am"),
        # Overnight, also from Sunday into Monday; a whole weekend is one.
        (NIGHTS, "2026-11-24 08:59", "Open now, until 9am"),
        (NIGHTS, "2026-11-24 09:00", "Closed now, opens today 5pm"),
        (NIGHTS, "2026-11-24 17:00", "Open now, until 9am"),
        (NIGHTS, "2026-11-27 17:00", "Open now, until Monday 9am"),
        (NIGHTS, "2026-11-29 12:00", "Open now, until 9am"),
        (NIGHTS, "2026-11-30 08:59", "Open now, until 9am"),
        # Spans that touch are one: midnight is no change.
        (weekly("mon 09:00-24:00", "tue 00:00-06:00"), "2026-11-23 23:00", "Open now, until 6am"),
        # Once a week: opens in seven days, given as a date.
        (weekly("tue 10:00-11:00"), "2026-11-10 11:00", "Closed now, opens Tuesday 17 November, 10am"),
        (weekly("mon-sun 24 hours", bank_holidays=holidays(england="as_usual")), "2026-11-24 03:00", "Open now"),
        (Hours("always"), "2026-12-25 03:00", "Open now"),
        (Hours("unknown"), "2026-11-24 12:00", "We do not know if they are open today"),
        (Hours("any-time"), "2026-11-24 12:00", "We do not know if they are open today"),
    ],
)  # fmt: skip
def test_who_is_open_in_an_ordinary_week(hours, moment, words):
    assert said(hours, uk(moment)) == words


# ---- the clocks change: 29 March 2026 at one o'clock, and 25 October 2026 at two


@pytest.mark.parametrize(
    ("spans", "moment", "words"),
    [
        # March: one o'clock is two o'clock. A night until two ends at that moment.
        ("sat 22:00-02:00", "2026-03-29T00:59", "Open now, until 2am"),
        ("sat 22:00-02:00", "2026-03-29T01:00", "Closed now, opens Saturday 10pm"),
        ("sat 22:00-03:00", "2026-03-29T01:59", "Open now, until 3am"),
        ("sat 22:00-03:00", "2026-03-29T02:00", "Closed now, opens Saturday 10pm"),
        # 01:30 does not exist: it maps to the moment when the clocks change.
        ("sun 01:30-04:00", "2026-03-29T00:59", "Closed now, opens today 2am"),
        ("sun 01:30-04:00", "2026-03-29T01:00", "Open now, until 4am"),
        ("sat 22:00-01:30", "2026-03-29T00:59", "Open now, until 2am"),
        ("sat 22:00-01:30", "2026-03-29T01:00", "Closed now, opens Saturday 10pm"),
        # The first morning of summer time: nine o'clock is eight, universal time.
        ("mon 09:00-17:00", "2026-03-30T07:59", "Closed now, opens today 9am"),
        ("mon 09:00-17:00", "2026-03-30T08:00", "Open now, until 5pm"),
        # October: from one to two comes twice. A night until two lasts an hour longer.
        ("sat 22:00-02:00", "2026-10-25T00:30", "Open now, until 2am"),
        ("sat 22:00-02:00", "2026-10-25T01:59", "Open now, until 2am"),
        ("sat 22:00-02:00", "2026-10-25T02:00", "Closed now, opens Saturday 10pm"),
        # Half past one comes twice: it ends at the first and begins at the second, and is never open too long.
        ("sat 22:00-01:30", "2026-10-25T00:29", "Open now, until 1:30am"),
        ("sat 22:00-01:30", "2026-10-25T00:30", "Closed now, opens Saturday 10pm"),
        ("sun 01:30-04:00", "2026-10-25T00:30", "Closed now, opens today 1:30am"),
        ("sun 01:30-04:00", "2026-10-25T01:30", "Open now, until 4am"),
        ("sun 00:00-24:00", "2026-10-25T23:59", "Open now, until midnight"),
        ("mon 09:00-17:00", "2026-10-26T08:59", "Closed now, opens today 9am"),
        ("mon 09:00-17:00", "2026-10-26T09:00", "Open now, until 5pm"),
    ],
)
def test_the_clocks_change(spans, moment, words):
    """The moments are in UTC."""
    hours = weekly(spans, bank_holidays=EVERYWHERE)
    assert said(hours, datetime.fromisoformat(moment).replace(tzinfo=UTC)) == words


# ---- bank holidays

WEEK = "mon-sun 09:00-17:00"


@pytest.mark.parametrize(
    ("rules", "moment", "words"),
    [
        # Christmas 2026 is a Friday; Boxing Day, a Saturday, is kept on the Monday as well.
        ({"england": "closed"}, "2026-12-24 17:00", "Closed now, opens Sunday 9am"),
        ({"england": "closed"}, "2026-12-25 12:00", "Closed now, opens Sunday 9am"),
        ({"england": "closed"}, "2026-12-27 17:00", "Closed now, opens Tuesday 9am"),
        ({"england": "as_usual"}, "2026-12-25 12:00", "Open now, until 5pm"),
        ({"england": "10:00-12:00"}, "2026-12-25 09:30", "Closed now, opens today 10am"),
        ({"england": "10:00-12:00"}, "2026-12-25 11:00", "Open now, until noon"),
        # Easter 2027: Good Friday is 26 March, Easter Monday the 29th, which Scotland does not keep.
        ({"england": "closed"}, "2027-03-26 12:00", "Closed now, opens Saturday 9am"),
        ({"england": "closed"}, "2027-03-29 12:00", "Closed now, opens Tuesday 9am"),
        ({"scotland": "closed"}, "2027-03-26 12:00", "Closed now, opens Saturday 9am"),
        ({"scotland": "closed"}, "2027-03-29 12:00", "Open now, until 5pm"),
        # Days of one nation only.
        ({"scotland": "closed"}, "2029-01-02 12:00", "Closed now, opens Wednesday 9am"),
        ({"england": "closed"}, "2029-01-02 12:00", "Open now, until 5pm"),
        ({"scotland": "closed"}, "2026-11-30 12:00", "Closed now, opens Tuesday 9am"),
        ({"wales": "closed"}, "2026-11-30 12:00", "Open now, until 5pm"),
        ({"northern_ireland": "closed"}, "2027-03-17 12:00", "Closed now, opens Thursday 9am"),
        ({"northern_ireland": "closed"}, "2027-07-12 12:00", "Closed now, opens Tuesday 9am"),
        ({"england": "closed", "wales": "closed", "scotland": "closed"}, "2027-07-12 12:00", "Open now, until 5pm"),
        # August: the first Monday in Scotland, the last elsewhere.
        ({"scotland": "closed"}, "2027-08-02 12:00", "Closed now, opens Tuesday 9am"),
        ({"scotland": "closed"}, "2027-08-30 12:00", "Open now, until 5pm"),
        ({"england": "closed"}, "2027-08-30 12:00", "Closed now, opens Tuesday 9am"),
        # Two nations keep the day: the one that is named first decides.
        ({"scotland": "as_usual", "england": "closed"}, "2026-12-25 12:00", "Open now, until 5pm"),
        ({"england": "closed", "scotland": "as_usual"}, "2026-12-25 12:00", "Closed now, opens Sunday 9am"),
        # No rule: nothing is known of any nation's bank holidays, nor when it opens after them.
        ({}, "2026-12-25 12:00", "We do not know if they are open today"),
        ({}, "2026-11-30 12:00", "We do not know if they are open today"),
        ({}, "2026-12-24 17:00", "Closed now"),
        ({}, "2026-12-24 16:00", "Open now, until 5pm"),
    ],
)  # fmt: skip
def test_bank_holidays_by_nation(rules, moment, words):
    assert said(weekly(WEEK, bank_holidays=holidays(**rules)), uk(moment)) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        # A span belongs to the day on which it begins: into Christmas Day, and out of Boxing Day.
        ("2026-12-25 01:59", "Open now, until 2am"),
        ("2026-12-25 02:00", "Closed now, opens Sunday 10pm"),
        ("2026-12-26 23:00", "Closed now, opens Sunday 10pm"),
    ],
)
def test_a_night_before_a_bank_holiday_ends_in_its_morning(moment, words):
    assert said(weekly("mon-sun 22:00-02:00", bank_holidays=EVERYWHERE), uk(moment)) == words


def test_other_hours_on_a_bank_holiday_may_run_overnight():
    """The line that is open when offices are not: Monday 28 December 2026 is a bank holiday, all day and that night."""
    for moment, words in (
        ("2026-12-28 12:00", "Open now, until 9am"),
        ("2026-12-29 08:59", "Open now, until 9am"),
        ("2026-12-29 09:00", "Closed now, opens today 5pm"),
    ):
        assert said(NIGHTS, uk(moment)) == words


def test_a_day_that_is_proclaimed_once_is_a_bank_holiday_where_it_is_proclaimed():
    extra = Calendar((ExtraBankHoliday(date(2027, 6, 15), ("wales",)),))
    for nation, words in (("wales", "Closed now, opens Wednesday 9am"), ("england", "Open now, until 5pm")):
        hours = weekly(WEEK, bank_holidays={nation: BankHoliday("closed")})
        assert said(hours, uk("2027-06-15 12:00"), extra) == words
    assert ExtraBankHoliday(date(2027, 6, 15)).nations == UK_NATIONS


@pytest.mark.parametrize(
    ("nation", "subdivision"),
    [("england", "ENG"), ("wales", "WLS"), ("scotland", "SCT"), ("northern-ireland", "NIR")],
)
def test_bank_holidays_are_those_of_a_library(nation, subdivision):
    """If this fails for a year to come, the library has learnt of one that was moved or proclaimed: see ``scope.toml``."""
    for year in range(2027, 2101):
        found = country_holidays("GB", subdiv=subdivision, years=year)
        assert _bank_holidays(nation, year) == set(found), year


# ---- hours that hold for a while


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2027-01-04 12:00", "We do not know if they are open today"),
        ("2027-01-05 12:00", "Open now, until 5pm"),
        ("2027-01-08 16:00", "Open now, until 5pm"),
        ("2027-01-08 17:00", "Closed now"),
        ("2027-01-09 12:00", "We do not know if they are open today"),
    ],
)
def test_hours_hold_from_a_day_and_until_a_day(moment, words):
    assert said(weekly(WEEK, begins=date(2027, 1, 5), ends=date(2027, 1, 8)), uk(moment)) == words


# ---- what holds whatever the hours

_times = st.tuples(st.integers(0, 95), st.integers(1, 60)).map(lambda t: Times(t[0] * 15, (t[0] + t[1]) * 15))
_spans = st.builds(
    Span,
    st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
    st.lists(_times, min_size=1, max_size=2).map(tuple),
)
_rules = st.dictionaries(
    st.sampled_from(UK_NATIONS),
    st.one_of(
        st.sampled_from([BankHoliday("closed"), BankHoliday("usual")]),
        _times.map(lambda times: BankHoliday("other", (times,))),
    ),
)
_days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
_hours = st.builds(
    Hours,
    open=st.sampled_from(["limited", "limited", "limited", "always", "unknown", "any-time"]),
    spans=st.lists(_spans, max_size=3).map(tuple),
    bank_holidays=_rules,
    begins=st.none() | _days,
    ends=st.none() | _days,
)
_moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 1)).map(lambda m: m.replace(tzinfo=UTC))


@settings(deadline=None)  # the first use of the calendar is slow
@given(_hours, _moments)
def test_it_is_never_open_outside_a_span(hours, moment):
    if state_at(hours, PLAIN, moment) != "open" or hours.open == "always":
        return
    wall = moment.astimezone(LONDON)
    every = [t for span in hours.spans for t in span.times]
    every += [t for rule in hours.bank_holidays.values() for t in rule.times]
    minute = wall.hour * 60 + wall.minute
    assert any(t.opens <= minute < t.closes or t.opens <= minute + 1440 < t.closes for t in every)


@settings(deadline=None)  # the first use of the calendar is slow
@given(_hours, _moments)
def test_the_next_change_is_later_and_is_a_change_and_nothing_changes_before(hours, moment):
    now = opening(hours, PLAIN, moment)
    assert now.state == state_at(hours, PLAIN, moment)
    if now.until is None:
        assert now.then is None
        return
    assert now.until > moment
    assert state_at(hours, PLAIN, now.until) == now.then != now.state
    for part in range(1, 12):
        assert state_at(hours, PLAIN, moment + (now.until - moment) * part / 12) == now.state


@settings(deadline=None)  # the first use of the calendar is slow
@given(_hours, _moments)
def test_what_is_not_known_is_never_open(hours, moment):
    outside = not hours.holds(moment.astimezone(LONDON).date() - timedelta(days=1)) and not hours.holds(
        moment.astimezone(LONDON).date()
    )
    if hours.open in ("unknown", "any-time") or outside:
        assert opening(hours, PLAIN, moment).state == "unknown"
    if opening(hours, PLAIN, moment).state != "open":
        assert "Open" not in said(hours, moment)


def test_an_opening_without_an_end_says_so():
    assert ENGLISH.opening(Opening("closed"), uk("2026-11-24 12:00")) == "Closed now"
