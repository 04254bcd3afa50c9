"""The mistakes an editor is most likely to make: `make check` names the file, the entry, what is wrong, and how to fix it."""

from __future__ import annotations

from datetime import datetime

import pytest

from signpost.models.errors import ContentError
from signpost.models.hours import LONDON
from tests.conftest import NO_LENGTHS
from tests.planting import numbers_in, plant, site
from tests.states import some

NSPCC, HELPLINE, ADULTS = "routes/nspcc.toml", "routes/stop-it-now.toml", "results/adults-known.toml"

NUMBER = numbers_in(NSPCC)[0]

#: Hours of our own for the first contact of a file; what stood there becomes a comment.
HOURS = 'hours = {{ open = "limited", spans = ["mon-thu 09:00-21:00", "{}"], source = "parents-protect", confidence = "high" }} # {{'

# fmt: off
#: The mistake; the file, the old text, the new text, the text before it; the words of the report.
MISTAKES = {
    "a quotation mark is missing": (
        NSPCC, 'name = "NSPCC Helpline"', 'name = "NSPCC Helpline', "",
        "routes/nspcc.toml: It cannot be read: Illegal character '\\n' (at line 1, column 23). A quotation mark is missing at the end of the text in that line. Line 1 is: name = \"NSPCC Helpline",
    ),
    "a key is misspelt": (
        NSPCC, "summary = ", "sumary = ", "",
        "routes/nspcc.toml: “sumary” is not known here. Did you mean “summary”? Correct the name, or take it out.",
    ),
    "a result names a route that does not exist": (
        ADULTS, 'route = "nspcc"', 'route = "nspc"', "[known-unsure]",
        "results/adults-known.toml, known-unsure: There is no route “nspc”. Did you mean “nspcc”? Correct the id, or add the route.",
    ),
    "a new answer has a code that is in use": (
        "questions.toml", 'code = "a"', 'code = "c"', "[age]",
        "questions.toml, age, answer “c”: Two answers of this question have that code. Give the newer one another code.",
    ),
    "a new answer has a code that is retired": (
        "questions.toml", 'title = "How', 'retired = ["c"]\ntitle = "How', "[age]",
        "questions.toml, age, answer “c”: Its code is retired, and an old link would now mean something else. Choose a code never used here.",
    ),
    "a new answer leads nowhere": (
        "questions.toml", 'next = "who"', "", "[danger]",
        "questions.toml, danger, answer “n”: It is a dead end: neither it nor an answer before it names a result. Add “next” or “result”.",
    ),
    "a route leaves out a nation that a result needs": (
        "routes/crimestoppers.toml", '"scotland", ', "", "",
        "“crimestoppers” does not serve every nation, and the nation is not known. Give the step when = { nation = [...] }, or name its family. Rule 3 in docs/editing.md says why.",
    ),
    "hours overlap": (
        HELPLINE, "hours = {", HOURS.format("thu-fri 09:00-17:00"), "",
        "routes/stop-it-now.toml, contact 1, hours: Its spans overlap: “Monday to Thursday, 9am to 9pm”, “Thursday and Friday, 9am to 5pm”. Correct or join them.",
    ),
    "hours are written as they are spoken": (
        HELPLINE, "hours = {", HOURS.format("fri 9am-5pm"), "",
        'routes/stop-it-now.toml, contact 1, hours.spans: “9am-5pm” are no times. Write them such as "09:00-17:00", or "24 hours".',
    ),
    "a number has a digit too few": (
        NSPCC, NUMBER, NUMBER[:-1], "",
        f"routes/nspcc.toml, contact 1: “{NUMBER[:-1]}” is no number that can be called. Copy it from the service’s own page: is a digit missing, or one too many?",
    ),
    "a new source is named but not written down": (
        NSPCC, 'source = "nspcc-report"', 'source = "nspcc-live"', "[[contacts]]",
        "routes/nspcc.toml, contact 1: Its source “nspcc-live” is not in this file. Add a [sources] table of that name.",
    ),
    "a day is written before it has come": (
        NSPCC, "checked = 2026-11-01", "checked = 2027-11-01", "",
        "routes/nspcc.toml, sources.nspcc-report: It was checked on 2027-11-01, and that day is still to come. Write the day on which you read it.",
    ),
    "a date is written as in a letter": (
        NSPCC, "checked = 2026-11-01", 'checked = "1 November 2026"', "",
        "routes/nspcc.toml, sources['nspcc-report'].checked: “1 November 2026” should be a date. Write it without quotation marks, such as 2026-11-30.",
    ),
    "a new service stands in no group": (
        "help.toml", '"nspcc-whistleblowing",', "", "",
        "help.toml, groups: The route “nspcc-whistleblowing” stands in no group. Add it to one.",
    ),
    "a link leads to a page that does not exist": (
        ADULTS, "(route:nspcc)", "(route:nspc)", "",
        "A link names the route “nspc”, which does not exist. Correct the link.",
    ),
}
# fmt: on


def checked(folder) -> str:
    """The output of `make check` for a folder, on 24 November 2026."""
    try:
        app = site(CONTENT=folder)
    except ContentError as error:
        return str(error)
    app.extensions["clock"] = lambda: datetime(2026, 11, 24, 12, tzinfo=LONDON)
    done = app.test_cli_runner().invoke(args=["check"])
    assert done.exit_code == 1
    return done.output


@pytest.mark.parametrize("name", some([*MISTAKES], 3))
def test_a_likely_mistake_is_reported_with_its_place_and_fix(tmp_path, name, monkeypatch):
    monkeypatch.setattr(*NO_LENGTHS)
    file, old, new, after, said = MISTAKES[name]
    assert said in checked(plant(tmp_path, file, old, new, after=after))
