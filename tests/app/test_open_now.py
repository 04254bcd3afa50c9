"""What a page says of this minute, on content in which the operator has confirmed some hours.

Almost no hours in the product are confirmed, so these tests confirm some in a copy. They compare what pages say
with an independent calculation, which parses the spans itself, changes the clocks by the legal rule, and has its
own list of bank holidays.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain

import pytest
from flask.testing import FlaskClient

from signpost.checks.rules import outcomes, report_lines
from signpost.models.hours import LONDON, Calendar, state_at
from tests.page import Page
from tests.planting import plant, site
from tests.states import EVERY_STATE

HELPLINE, NSPCC = "routes/stop-it-now.toml", "routes/nspcc.toml"
NIGHT, DAYS = "routes/childrens-services-northern-ireland.toml", "routes/revenge-porn-helpline.toml"
PLAIN = Calendar()
YEAR = (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC))

#: The hours that the operator has confirmed in the copy: the spans, and the hours on bank holidays.
CONFIRMED = {
    HELPLINE: ('["mon-thu 09:00-21:00", "fri 09:00-17:00"]', '{ england = "closed", wales = "closed" }'),
    NSPCC: (
        '["mon-fri 08:00-22:00", "sat-sun 09:00-18:00"]',
        '{ england = "10:00-16:00", scotland = "as usual" }',
    ),
    NIGHT: ('["mon-sun 17:00-09:00", "sat-sun 24 hours"]', '{ northern-ireland = "24 hours, 17:00-09:00" }'),
    DAYS: ('["mon-fri 10:00-16:00"]', "{}"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the content in which the operator read these hours on the services' own pages on 30 November 2026."""
    return confirm(tmp_path_factory.mktemp("confirmed"))


def confirm(tmp_path, checked: date = date(2026, 11, 30)):
    for file, (spans, holidays) in CONFIRMED.items():
        folder = plant(tmp_path, file, "", "")
        text = (folder / file).read_text("utf-8")
        hours = (
            f'hours = {{ open = "limited", spans = {spans}, bank_holidays = {holidays}, '
            'source = "live", confidence = "high" }'
        )
        text = re.sub(r"^hours = .*$", hours, text, count=1, flags=re.MULTILINE)
        if "\nunconfirmed = " not in text:  # rule 13, for tests that make a fact less sure
            text = f'unconfirmed = "Check with them."\n{text}'
        text += f'\n[sources.live]\ntitle = "Their own page"\naddress = "https://a.example/"\ndated = "live"\nchecked = {checked}\nfirst_party = true\n'
        (folder / file).write_text(text, "utf-8")
    return folder


class Visit:
    """A site whose clock the test sets."""

    def __init__(self, folder, **settings: object) -> None:
        self.app = site(CONTENT=folder, **settings)
        self.app.extensions["clock"] = lambda: self.now
        self.now = datetime(2026, 12, 1, 12, tzinfo=LONDON)
        self.client = self.app.test_client()
        self.content = self.app.extensions["content"]

    def at(self, moment: str, address: str) -> Page:
        self.now = datetime.fromisoformat(moment).replace(tzinfo=LONDON)
        return Page(self.client.get(address).text)


@pytest.fixture(scope="module")
def visit(folder):
    return Visit(folder)


# ---- the words

SELF, NEIGHBOUR = "/check/n/m/h", "/check/n/k/u"


def test_a_line_that_is_open_says_until_when_and_when_that_was_worked_out(visit):
    text = visit.at("2026-12-01 14:10", "/help/stop-it-now").text
    assert (
        "Open now, until 9pm. (UK time, 2:10pm.) Monday to Thursday, 9am to 9pm, and Friday, 9am to 5pm."
        " Bank holidays in England and Wales: closed." in text
    )


def test_a_line_that_is_shut_says_when_it_opens(visit):
    assert (
        "Closed now, opens Monday 9am. (UK time, 2:10am.)"
        in visit.at("2026-12-05 02:10", "/help/stop-it-now").text
    )
    assert (
        "Closed now, opens Tuesday 29 December, 9am."
        not in visit.at("2026-12-24 22:00", "/help/stop-it-now").text
    )
    assert "Closed now, opens Tuesday 9am." in visit.at("2026-12-24 22:00", "/help/stop-it-now").text


def test_a_bank_holiday_of_which_nothing_is_known_is_not_called_open(visit):
    text = visit.at("2026-12-25 12:00", "/help/revenge-porn-helpline").text
    assert "We do not know if they are open today." in text
    assert "Open now" not in text


@pytest.mark.parametrize(
    ("moment", "said"),
    [("2026-11-30 12:00", True), ("2027-02-25 12:00", True), ("2027-03-01 12:00", False), ("2026-11-26 12:00", False)],
)  # fmt: skip
def test_a_check_counts_for_ninety_days_and_not_before_its_day(visit, moment, said):
    text = visit.at(moment, "/help/stop-it-now").text
    assert ("Open now, until 9pm" in text) == said
    # The hours of the line from abroad are not confirmed, so they are always only "usually".
    assert text.count("Usually Monday to Thursday") == (1 if said else 2)


def test_how_long_a_check_counts_is_a_setting(folder):
    short = Visit(folder, HOURS_DAYS=3)
    assert "Open now" in short.at("2026-12-03 12:00", "/help/stop-it-now").text
    assert "Open now" not in short.at("2026-12-04 12:00", "/help/stop-it-now").text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("first_party = true", "first_party = false"),
        ('"live", confidence = "high"', '"live", confidence = "medium"'),
    ],
)
def test_hours_that_are_not_confirmed_are_only_usual(tmp_path, old, new):
    confirm(tmp_path)
    text = Visit(plant(tmp_path, HELPLINE, old, new)).at("2026-12-01 14:10", "/help/stop-it-now").text
    assert "Usually Monday to Thursday, 9am to 9pm, and Friday, 9am to 5pm. Check on their website." in text
    assert "Open now" not in text
    assert "UK time, 2:10pm" not in text


def test_hours_of_a_number_that_is_not_confirmed_are_not_either(visit):
    route = visit.content.directory.routes["stop-it-now"]
    contact, day = route.primary_contact, date(2026, 12, 1)
    assert route.confirms(contact, day, 90)
    assert not route.confirms(replace(contact, confidence="low"), day, 90)


def test_nothing_is_open_that_nobody_has_confirmed(unconfirmed):
    """Results and routes at an hour when all lines are usually open."""
    client, addresses = Visit(unconfirmed).client, ["/help/stop-it-now", "/help/nspcc", SELF, NEIGHBOUR]
    for address in addresses:
        assert "Open now" not in client.get(address).text
        assert "Closed now" not in client.get(address).text


def test_what_can_be_sent_at_any_time_is_never_open(visit):
    text = visit.at("2026-12-01 12:00", "/help/iwf").text
    assert "Send any time. Not for danger now." in text
    assert "Open" not in text


def test_a_line_that_is_always_there_needs_no_clock(visit):
    for moment in ("2026-12-25 03:00", "2029-07-01 12:00"):
        assert "Open 24 hours, every day." in visit.at(moment, "/help/samaritans").text


# ---- when the line to talk to is shut


def card(page: Page, id_: str) -> str:
    """A route's card, and the text beside it if its line is closed."""
    blocks = [e for e in page.root.iter("div") if e.get("class") in ("card", "shut")]
    place = next(n for n, e in enumerate(blocks) if id_ in [h.get("id") for h in e])
    return " ".join(
        Page.words(e) for e in blocks[place : place + 2] if e is blocks[place] or e.get("class") == "shut"
    )


def test_where_the_line_is_shut_the_editor_s_words_stand_beside_it(visit):
    page = visit.at("2026-12-05 02:10", SELF)
    assert "When it is closed:" in card(page, "stop-it-now")
    assert "If nobody answers" not in page.text
    assert page.text.count("a secure message, or use the self-help pages") == 1


@pytest.mark.parametrize("moment", ["2026-12-01 14:10", "2027-06-01 03:00"])
def test_where_the_line_is_open_or_not_known_to_be_shut_they_stand_at_the_end(visit, moment):
    page = visit.at(moment, SELF)
    assert "When it is closed" not in page.text
    assert "If nobody answers" in page.text


def test_the_order_of_a_result_never_moves_with_the_clock(visit):
    for address in (SELF, NEIGHBOUR, "/check/n/o/h/n"):
        orders = set()
        for moment in ("2026-12-01 14:10", "2026-12-05 02:10", "2026-12-25 12:00", "2027-06-01 03:00"):
            page = visit.at(moment, address)
            orders.add(tuple(e.get("id") for e in page.root.iter("h2") if e.get("id")))
        assert len(orders) == 1


def test_a_page_depends_on_its_address_and_its_minute_alone(visit):
    pages = {visit.client.get(SELF).data for _ in range(2)}
    assert len(pages) == 1
    assert visit.at("2026-12-01 14:10", "/about").text == visit.at("2027-06-01 03:00", "/about").text


@pytest.mark.slow
def test_rule_two_holds_at_every_hour_of_a_year_for_every_result(folder):
    """A report line that never closes; a line to talk to; and a text for the hours in which that line is closed.

    Finds the line's state at every hour, then checks each result at one hour of each state. A result that differs
    between situations is rendered once for each line to talk to, or with EVERY_STATE for each situation.
    """
    visit = Visit(folder, HOURS_DAYS=400)
    client = FlaskClient(visit.app, visit.app.response_class)  # other tests check the markup
    rendered = set()
    hours = [YEAR[0] + timedelta(hours=n) for n in range(8760)]
    examples: dict[str, dict[str, datetime]] = {}
    looked_at = set()
    for outcome in outcomes(visit.content):
        situation = outcome.situation
        if situation.danger or situation.abroad:
            continue
        address = "/check/" + "/".join(outcome.walk.codes)
        if not outcome.about_themselves:
            assert any(contact.hours.open == "always" for _, contact in report_lines(outcome)), address
        line = outcome.talk_line
        assert line, address
        route, contact = line
        if route.id not in examples:
            sure = route.confirms(contact, YEAR[0].date(), 90)
            states = (state_at(contact.hours, PLAIN, hour) if sure else "not confirmed" for hour in hours)
            examples[route.id] = {state: hour for hour, state in zip(hours, states, strict=True)}
        if (outcome.result.id, route.id) in rendered and not EVERY_STATE:
            continue
        rendered.add((outcome.result.id, route.id))
        for state, hour in examples[route.id].items():
            visit.now = hour.astimezone(LONDON)
            html = client.get(address).text
            assert str(contact.number) in html, (address, state)
            assert ("When it is closed" in html) == (state == "closed"), (address, state)
            assert ("If nobody answers" in html) == (state != "closed"), (address, state)
            looked_at.add(state)
    assert looked_at == {"open", "closed", "unknown", "not confirmed"}


# ---- a year in steps of fifteen minutes, by another calculation

#: From GOV.UK's list, including both the day itself and its substitute day.
COMMON = "2026-12-25 2026-12-26 2026-12-28 2027-01-01 2027-03-26 2027-05-03 2027-05-31 2027-12-25 2027-12-26 2027-12-27 2027-12-28"
KEPT = {
    "england": f"{COMMON} 2027-03-29 2027-08-30",
    "scotland": f"{COMMON} 2027-01-02 2027-01-04 2027-08-02 2026-11-30 2027-11-30",
    "northern-ireland": f"{COMMON} 2027-03-29 2027-08-30 2027-03-17 2027-07-12",
}
KEPT["wales"] = KEPT["england"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
QUARTER = timedelta(minutes=15)


def wall(moment: datetime) -> datetime:
    """UK local time: UTC plus an hour from the last Sunday of March, 01:00 UTC, to that of October, 01:00 UTC."""

    def last_sunday(month: int) -> datetime:
        last = datetime(moment.year, month, 31, 1, tzinfo=UTC)
        return last - timedelta(days=(last.weekday() + 1) % 7)

    summer = last_sunday(3) <= moment < last_sunday(10)
    return moment.replace(tzinfo=None) + timedelta(hours=summer)


def quarters(times: str) -> set[int]:
    """The quarter hours that the times cover, counted from midnight of the day on which they begin."""
    covered: set[int] = set()
    for part in times.split(", "):
        if part == "24 hours":
            covered |= set(range(96))
            continue
        opens, closes = (int(t[:2]) * 4 + int(t[3:]) // 15 for t in part.split("-"))
        covered |= set(range(opens, closes if closes > opens else closes + 96))
    return covered


def begun(spans: str, holidays: str, day: date) -> set[int] | None:
    """The quarter hours of the times that begin on a day, or None if they are not known."""
    keep = [nation for nation in KEPT if day.isoformat() in KEPT[nation].split()]
    rules = dict(re.findall(r'([a-z-]+) = "([^"]*)"', holidays))
    if keep and not rules:
        return None
    for nation, rule in rules.items():
        if nation in keep:
            if rule == "closed":
                return set()
            if rule != "as usual":
                return quarters(rule)
            break
    found: set[int] = set()
    for line in re.findall(r'"([^"]*)"', spans):
        days, times = line.split(" ", 1)
        first, _, last = days.partition("-")
        run, n = [first], WEEKDAYS.index(first)
        while run[-1] != (last or first):
            n += 1
            run.append(WEEKDAYS[n % 7])
        if WEEKDAYS[day.weekday()] in run:
            found |= quarters(times)
    return found


@cache
def timeline(spans: str, holidays: str) -> list[tuple[datetime, str]]:
    """Each quarter hour of a year and a month, with the state in it."""
    known: dict[date, set[int] | None] = {}
    states = []
    moment = YEAR[0]
    while moment < YEAR[1] + timedelta(days=40):
        local = wall(moment)
        today, quarter = local.date(), local.hour * 4 + local.minute // 15
        for day in (today, today - timedelta(days=1)):
            if day not in known:
                known[day] = begun(spans, holidays, day)
        now, before = known[today], known[today - timedelta(days=1)] or set()
        if quarter + 96 in before or (now and quarter in now):
            states.append((moment, "open"))
        else:
            states.append((moment, "unknown" if now is None else "closed"))
        moment += QUARTER
    return states


def expected(states: list[tuple[datetime, str]]) -> list[str]:
    """The expected words at each quarter hour, computed backwards from the last."""
    said: list[str] = []
    change: tuple[datetime, str] | None = None
    for n in range(len(states) - 1, -1, -1):
        moment, state = states[n]
        if n + 1 < len(states) and states[n + 1][1] != state:
            change = states[n + 1]
        now = wall(moment)
        if state == "unknown":
            said.append("We do not know if they are open today.")
            continue
        if change is None or (state == "closed" and change[1] == "unknown"):
            said.append("Open now." if state == "open" else "Closed now.")
            continue
        at = wall(change[0])
        time = at.strftime("%I:%M").lstrip("0").replace(":00", "") + ("am" if at.hour < 12 else "pm")
        time = {"12am": "midnight", "12pm": "noon"}.get(time, time)
        near, name = (at.date() - now.date()).days, NAMES[at.weekday()]
        if state == "open":
            within = change[0] - moment < timedelta(days=1)
            said.append(f"Open now, until {time if within or near == 0 else f'{name} {time}'}.")
        elif near < 7:
            said.append(f"Closed now, opens {'today' if near == 0 else name} {time}.")
        else:
            said.append(f"Closed now, opens {name} {at.day} {at.strftime('%B')}, {time}.")
    return said[::-1]


@pytest.mark.slow
@pytest.mark.parametrize("file", CONFIRMED)
def test_the_words_agree_with_another_calculation_at_every_quarter_of_an_hour_of_a_year(folder, file):
    visit = Visit(folder, HOURS_DAYS=400)
    route = visit.content.directory.routes[file.removeprefix("routes/").removesuffix(".toml")]
    contact = route.primary_contact
    opening, in_words = visit.app.extensions["opening"], visit.app.jinja_env.filters["in_words"]
    states = timeline(*CONFIRMED[file])
    examples: dict[str, datetime] = {}
    wrong = []
    with visit.app.test_request_context("/"):
        for (moment, _), words in zip(states, expected(states), strict=True):
            if moment >= YEAR[1]:
                break
            here = moment.astimezone(LONDON)
            shown = f"{in_words(opening(route, contact, here), here)}."
            if words != shown:
                wrong.append((here, words, shown))
            examples.setdefault(words, here)
        assert not wrong, (len(wrong), wrong[:3])
        # The template that pages use is slower, so it renders each text once.
        template = visit.app.jinja_env.get_template("parts/contact.html").module.hours
        for words, here in examples.items():
            assert f"<b>{words}</b>" in template(route, contact, here), here
    assert len(examples) > 4


@pytest.mark.slow
def test_the_other_calculation_sees_what_it_should(folder):
    """The independent calculation finds every state in the year, and both clock changes."""
    found = set(chain.from_iterable((state for _, state in timeline(*CONFIRMED[file])) for file in CONFIRMED))
    assert found == {"open", "closed", "unknown"}
    assert wall(datetime(2027, 3, 28, 0, 59, tzinfo=UTC)) == datetime(2027, 3, 28, 0, 59)
    assert wall(datetime(2027, 3, 28, 1, 0, tzinfo=UTC)) == datetime(2027, 3, 28, 2, 0)
    assert wall(datetime(2027, 10, 31, 0, 59, tzinfo=UTC)) == datetime(2027, 10, 31, 1, 59)
    assert wall(datetime(2027, 10, 31, 1, 0, tzinfo=UTC)) == datetime(2027, 10, 31, 1, 0)
