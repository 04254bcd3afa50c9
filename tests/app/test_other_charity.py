"""Another charity with another subject and other nations runs the same code with its own content folder."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from signpost.checks.fact_checks import fact_problems
from signpost.checks.rules import broken_rules
from signpost.models.content import Manifest, load_content
from signpost.models.hours import LONDON
from signpost.models.urls import states
from tests import ROOT
from tests.page import Page
from tests.planting import plant, refusal, site

TENANTS = ROOT / "tests" / "fixtures" / "other_charity"

#: Words that belong to Signpost's own subject.
OWN_SUBJECT = re.compile(
    r"child|abus|sex|Stop It Now|NSPCC|Samaritans|under 1\d|picture|whole UK", re.IGNORECASE
)


@pytest.fixture(scope="module")
def tenants():
    app = site(CONTENT=TENANTS, SITE_NAME="Tenants’ signpost", HOURS_DAYS=400)
    app.extensions["clock"] = lambda: datetime(2027, 6, 15, 10, 30, tzinfo=LONDON)
    return app


def test_it_starts_and_holds_its_own_rules():
    content = load_content(TENANTS)
    assert broken_rules(content) == []
    assert list(fact_problems(content, date(2026, 11, 24))) == []


def test_every_page_and_state_is_its_own(tenants):
    client = tenants.test_client()
    addresses = [*states(tenants.extensions["content"]), "/no-such-page"]
    for address in addresses:
        page = Page(client.get(address).text)
        words = page.text.replace("All of it as a picture", "").replace("Open the picture", "")
        assert not OWN_SUBJECT.search(words), (address, OWN_SUBJECT.search(words))
    assert Page(client.get("/").text).heading == "Help with the home you rent"
    assert "0808 157 0123" in client.get("/no-such-page").text


def test_a_visitor_is_led_to_who_fits_their_nation(tenants):
    client = tenants.test_client()
    assert client.get("/check/?go=1&answer=n").headers["Location"] == "/check/n"
    scotland, wales = (Page(client.get(f"/check/n/c/{nation}").text).text for nation in "sw")
    assert "Your council in Scotland" in scotland
    assert "Your council in Wales" in wales
    assert "Your council in Scotland" not in wales


def test_its_own_bank_holidays_count(tenants):
    """15 June 2027 is an extra bank holiday in Wales, in this content."""
    text = Page(tenants.test_client().get("/help/tenants-line").text).text
    assert "Open now, until noon. (UK time, 10:30am.) Monday to Friday, 9am to 5pm." in text
    assert "Bank holidays in Scotland: closed. Bank holidays in Wales: 10am to noon." in text


def test_its_commands_work(tenants):
    runner = tenants.test_cli_runner()
    assert "0 broken rules." in runner.invoke(args=["check"]).output
    assert "Is it cold or damp" not in runner.invoke(args=["map"]).output
    assert "It is cold or damp" in runner.invoke(args=["map"]).output
    assert "Not configured (3)" in runner.invoke(args=["review"]).output


def test_a_rule_it_is_under_is_held(tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    for file in TENANTS.rglob("*"):
        if file.is_file():
            there = folder / file.relative_to(TENANTS)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(file.read_bytes())
    message = refusal(
        plant(tmp_path, "results/all.toml", '{ route = "police", why', '# { route = "police", why')
    )
    assert "Rule 2 is broken" in message
    plant(tmp_path, "results/all.toml", '# { route = "police", why', '{ route = "police", why')
    message = refusal(plant(tmp_path, "routes/police.toml", '["scotland", "wales"]', '["scotland"]'))
    assert "Rule 3 is broken" in message


def test_the_product_is_under_every_rule_and_for_every_nation(content):
    assert content.manifest.rules_off == ()
    assert (
        content.manifest.nations == Manifest().nations == ("england", "wales", "scotland", "northern-ireland")
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("nations = []", "scope.toml, nations: The list is empty."),
        ('nations = ["france"]', "scope.toml, nations: “france” is not known here."),
        (
            'rules_off = ["crisis-hlep"]',
            "scope.toml, rules_off: There is no rule “crisis-hlep”. Did you mean “crisis-help”?",
        ),
        (
            'rules_off = ["emergency-first"]',
            "scope.toml, rules_off: The rule “emergency-first” is switched off.",
        ),
        ('extra_bank_holidays = ["today"]', "scope.toml, extra_bank_holiday"),
    ],
)
def test_a_scope_that_cannot_be_is_refused(tmp_path, line, problem):
    old = "extra_bank_holidays = []" if line.startswith("extra") else "extra_bank_holidays = []\n"
    new = line if line.startswith("extra") else f"extra_bank_holidays = []\n{line}\n"
    assert problem in refusal(plant(tmp_path, "scope.toml", old, new))


def test_a_review_of_no_translation_is_refused(tmp_path):
    folder = plant(tmp_path, "scope.toml", "reviewed = {}", "reviewed = { fr = 2027-01-31 }")
    assert "scope.toml, reviewed: “fr” is no translation. Write one of cy" in refusal(folder)
