"""Visitors, each in a sentence, and what the path a sensible one would take must end with.

The numbers are those of the situations the site was designed for; the ones with a letter are our own.
"what" holds route ids, notice ids (with a #) and alternatives (with a |), which must appear in this
relative order; "never" holds what must not be there at all. "roles" are roles that some route shown
has; "nights" is a role whose route, as it stands on the page, tells of nights or weekends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from signpost.models.journey import Walk
from signpost.models.markdown import links
from signpost.models.outcome import Outcome
from signpost.models.urls import check_url
from tests.page import Page


@dataclass(frozen=True)
class Visitor:
    number: str
    says: str
    path: str
    shown: str
    never: str = ""
    crisis: bool = False
    roles: str = ""
    nights: str = ""


POLICE = "police|police-england-wales|police-scotland|psni"

VISITORS = [
    Visitor("1", "A man my daughter met online is on his way to our house.", "y", "999 #after-the-call"),
    Visitor(
        "2", "My son, 12, has messages from an adult asking for photos.", "n/p/o", "#keep-messages ceop nspcc"
    ),
    Visitor(
        "3",
        "Someone says they'll post my nudes unless I pay. I'm 15.",
        "n/c/m/b",
        "#do-not-pay #its-me police|ceop report-remove childline",
        never="revenge-porn-helpline stopncii stop-it-now nspcc",
        crisis=True,
    ),
    Visitor(
        "4",
        "The same, and I'm 34, from pictures of me now.",
        "n/b/b/a",
        "#do-not-pay police revenge-porn-helpline",
        never="report-remove take-it-down iwf childline",
        crisis=True,
    ),
    Visitor(
        "5",
        "I'm 18 and they have a picture from when I was 17.",
        "n/b/b/e",
        "#do-not-pay #was-me police|ceop take-it-down childline",
        never="revenge-porn-helpline stopncii",
        crisis=True,
    ),
    Visitor(
        "6",
        "I clicked a link and it showed a child being abused.",
        "n/s/w",
        "#found-it iwf police stop-it-now|nspcc",
    ),
    Visitor(
        "7", "It was sent to me in a group chat.", "n/s/g", "#found-it police|ceop in-the-app", never="iwf"
    ),
    Visitor(
        "8",
        "I think my husband looks at pictures of children. I haven't seen any.",
        "n/k/v",
        "stop-it-now #leave-it police",
    ),
    Visitor(
        "9",
        "I saw one on his laptop and he looks after our grandchildren.",
        "n/k/s/e",
        "police-england-wales #found-it stop-it-now childrens-services-england",
    ),
    Visitor(
        "10",
        "They arrested my husband this morning.",
        "n/k/a",
        "stop-it-now-families #leave-it #your-children childrens-services",
        crisis=True,
    ),
    Visitor(
        "11",
        "I can't stop thinking about children that way. I've done nothing.",
        "n/m/h",
        "stop-it-now stop-it-now-self-help",
        never="police",
        crisis=True,
    ),
    Visitor(
        "12",
        "I'm alone with a child and afraid of what I'll do.",
        "n/m/n",
        "#move-away stop-it-now samaritans",
        never="police",
        crisis=True,
    ),
    Visitor(
        "13",
        "I'm 16 and worried about what I've been watching.",
        "n/c/w/t",
        "shore childline",
        never="stop-it-now",
        crisis=True,
    ),
    Visitor(
        "14",
        "I'm 13 and dad looks at pictures of kids.",
        "n/c/o/a",
        "childline ceop police #trusted-adult",
        never="stop-it-now",
    ),
    Visitor(
        "15",
        "My brother does things to me. I'm 11.",
        "n/c/m/h",
        "childline police #trusted-adult",
        never="stop-it-now",
        crisis=True,
    ),
    Visitor(
        "16",
        "My son, 14, touched his little sister.",
        "n/p/c/e",
        "#two-children stop-it-now nspcc childrens-services-england police-england-wales",
    ),
    Visitor(
        "17",
        "Year 9 boys made a fake nude of a girl in my class. I teach in Wales.",
        "n/w/i/w",
        "#at-school safeguarding-lead #for-the-pupil report-remove police-england-wales childrens-services-wales",
        never="lado stopncii",
    ),
    Visitor(
        "18",
        "A coach messages the girls privately. (England)",
        "n/w/a/e",
        "police-england-wales safeguarding-lead lado stop-it-now|nspcc",
    ),
    Visitor(
        "18 Scotland",
        "The same in Scotland.",
        "n/w/a/s",
        "police-scotland safeguarding-lead work-concern-scotland stop-it-now nspcc",
        never="lado",
    ),
    Visitor(
        "18 NI",
        "The same in Northern Ireland.",
        "n/w/a/n",
        "psni safeguarding-lead work-concern-northern-ireland stop-it-now nspcc",
        never="lado",
    ),
    Visitor(
        "19",
        "I'm a teacher, a pupil told me.",
        "n/w/c/e",
        "#listening #at-work safeguarding-lead police-england-wales|childrens-services-england",
    ),
    Visitor(
        "20 England",
        "My neighbour's child may be being abused.",
        "n/o/h/e",
        "police-england-wales childrens-services-england stop-it-now nspcc",
        nights="childrens-services",
    ),
    Visitor(
        "20 Wales",
        "The same in Wales.",
        "n/o/h/w",
        "police-england-wales childrens-services-wales stop-it-now nspcc",
        nights="childrens-services",
    ),
    Visitor(
        "20 Scotland",
        "The same in Scotland.",
        "n/o/h/s",
        "police-scotland childrens-services-scotland stop-it-now nspcc",
        nights="childrens-services",
    ),
    Visitor(
        "20 NI",
        "The same in Northern Ireland.",
        "n/o/h/n",
        "#northern-ireland psni childrens-services-northern-ireland stop-it-now nspcc",
        nights="childrens-services",
    ),
    Visitor(
        "21", "I know something but I can't be known.", "n/u/n", "crimestoppers stop-it-now nspcc police"
    ),
    Visitor("21 at 14", "The same, and I'm 14.", "n/c/n", "childline fearless", never="stop-it-now"),
    Visitor(
        "22", "It happened to me twenty years ago. (Wales)", "n/b/s/n/w", "live-fear-free napac", crisis=True
    ),
    Visitor(
        "22 near",
        "... and he has grandchildren. (Scotland)",
        "n/b/s/y/s",
        "police-scotland childrens-services-scotland rape-crisis-scotland",
        crisis=True,
    ),
    Visitor(
        "23",
        "It happened last night. I'm 16.",
        "n/c/m/r",
        "police referral-centre childline",
        crisis=True,
        roles="health",
    ),
    Visitor(
        "23 adult",
        "It happened last night. I'm 30. (England)",
        "n/b/r/e",
        "police-england-wales referral-centre-england rape-crisis-england-wales",
        crisis=True,
        roles="health",
    ),
    Visitor(
        "24",
        "My own picture from when I was 14 is online; I'm 22.",
        "n/b/i/c",
        "#was-me take-it-down iwf police survivors-trust",
        never="revenge-porn-helpline stopncii report-remove childline",
        crisis=True,
    ),
    Visitor("25", "The site is hosted abroad.", "n/s/w", "iwf"),
    Visitor("26", "I live in Spain.", "n/x/c", "local-police-abroad inhope nspcc"),
    Visitor("27", "A man from our town goes to Asia for this.", "n/u/f", "police ceop crimestoppers"),
    Visitor(
        "29",
        "Someone told me the girl I chatted to was 15 and wants money.",
        "n/b/b/s",
        "#do-not-pay police stop-it-now",
        never="revenge-porn-helpline stopncii",
        crisis=True,
    ),
    Visitor("30", "A hunter group wants me to join.", "n/u/g", "#hunters police"),
    Visitor("31", "I'm not sure it's anything.", "n/u/u", "stop-it-now nspcc police"),
    Visitor(
        "32",
        "My child's been abused; the police know. How do I help her?",
        "n/p/d",
        "#after-police nspcc marie-collins pace",
    ),
    # Our own, until every visitor has several.
    Visitor(
        "a",
        "I'm 9 and I keep doing something I don't want to.",
        "n/c/w/y",
        "childline",
        never="shore police stop-it-now samaritans",
    ),
    Visitor(
        "b", "I'd rather not say how old I am, and it's about me.", "n/c/w/n", "childline", never="shore"
    ),
    Visitor("c", "I'm 17 and I just want to talk.", "t/c", "childline shout", never="stop-it-now nspcc"),
    Visitor(
        "d",
        "I just want to talk to somebody.",
        "t/a",
        "#if-under-19 nspcc stop-it-now samaritans police",
        crisis=True,
    ),
    Visitor(
        "e",
        "A stranger keeps sending me sweet messages. I'm 12.",
        "n/c/m/o",
        "#your-messages ceop childline #trusted-adult police",
    ),
    Visitor("f", "My friend's stepdad scares her. We're 14.", "n/c/o/f", "childline #trusted-adult police"),
    Visitor("g", "My grandson's photo is being passed round.", "n/o/o", "#keep-messages ceop police nspcc"),
    Visitor(
        "h",
        "My new partner is very keen on my kids. Can I check him? (England)",
        "n/p/a/q/e",
        "ask-police-england-wales police-england-wales stop-it-now",
    ),
    Visitor(
        "h NI", "The same in Northern Ireland.", "n/k/q/n", "ask-police-northern-ireland psni stop-it-now"
    ),
    Visitor(
        "i",
        "Our nanny frightens me. (not sure of the nation)",
        "n/p/a/h/u",
        "police stop-it-now childrens-services ask-police-england-wales ask-police-northern-ireland ask-police-scotland",
    ),
    Visitor(
        "j", "The police took my computers.", "n/m/p", "stop-it-now samaritans", never="police", crisis=True
    ),
    Visitor(
        "k",
        "I look at things I should not.",
        "n/m/v",
        "stop-it-now #my-viewing stop-it-now-self-help",
        never="police iwf",
        crisis=True,
    ),
    Visitor(
        "l",
        "She says she's 15 and wants cash; I feel sick about myself.",
        "n/m/b",
        "#do-not-pay stop-it-now police",
        never="revenge-porn-helpline",
        crisis=True,
    ),
    Visitor("m", "My school covers things up.", "n/w/h", "nspcc-whistleblowing police childrens-services"),
    Visitor(
        "n",
        "A foster child told me something. (Scotland)",
        "n/o/l/s",
        "#listening police-scotland childrens-services-scotland nspcc",
    ),
    Visitor(
        "o",
        "A picture of me, 25 in it, is on a site.",
        "n/b/i/a",
        "#now-me revenge-porn-helpline stopncii police",
        crisis=True,
    ),
    Visitor(
        "p",
        "I don't know how old I was in it.",
        "n/b/i/u",
        "#was-me take-it-down iwf",
        never="revenge-porn-helpline stopncii",
        crisis=True,
    ),
    Visitor(
        "q",
        "I'm in Spain and I worry about my own thoughts.",
        "n/x/m",
        "stop-it-now stop-it-now-self-help",
        crisis=True,
    ),
    Visitor(
        "r",
        "I live in France and was hurt in Leeds as a child.",
        "n/b/s/n/x",
        "local-police-abroad stop-it-now police-england-wales",
        crisis=True,
    ),
    Visitor("s", "I'm 15 and live in Ireland.", "n/c/x/u", "local-police-abroad", never="childline"),
    Visitor(
        "s blackmail",
        "I'm 15, live in Ireland, and someone wants money for a picture of me.",
        "n/c/x/i",
        "#do-not-pay #from-abroad local-police-abroad take-it-down #trusted-adult",
        never="childline report-remove stopncii",
        crisis=True,
    ),
    Visitor(
        "s self",
        "I'm 14, live in Ireland, and worry about what I watch.",
        "n/c/x/w",
        "#kind-adult",
        never="local-police-abroad police stop-it-now shore inhope",
        crisis=True,
    ),
    Visitor(
        "recent, abroad",
        "It happened last night, in Spain. I'm 25.",
        "n/b/r/x",
        "#see-a-doctor local-police-abroad",
        crisis=True,
    ),
    Visitor(
        "recent, Scotland",
        "It happened last night. (Scotland)",
        "n/b/r/s",
        "police-scotland referral-centre-scotland-wales rape-crisis-scotland",
        never="referral-centre referral-centre-england",
        crisis=True,
    ),
    Visitor(
        "expat",
        "I'm 34, in Spain, and they want money for pictures of me now.",
        "n/x/n/a",
        "#do-not-pay #now-me local-police-abroad stopncii",
        never="take-it-down",
        crisis=True,
    ),
    Visitor(
        "grandson",
        "A stranger has put up my grandson's photo.",
        "n/o/i",
        "#that-child police iwf ceop nspcc",
        never="stopncii",
        crisis=True,
    ),
    Visitor(
        "coach",
        "A coach messages my daughter. (England)",
        "n/p/a/h/e",
        "police-england-wales stop-it-now childrens-services-england nspcc safeguarding-lead lado",
    ),
    Visitor(
        "survivor, Northern Ireland",
        "It happened to me long ago, and nobody is at risk. (Northern Ireland)",
        "n/b/s/n/n",
        "nexus-helpline napac",
        never="#northern-ireland #northern-ireland-survivor",
        crisis=True,
    ),
    Visitor(
        "saw, talk",
        "I saw something and want to talk to somebody.",
        "n/s/t",
        "#found-it nspcc stop-it-now samaritans police",
    ),
    Visitor(
        "t",
        "My child's picture is out there.",
        "n/p/i",
        "#its-my-child take-it-down police nspcc",
        never="stopncii",
        crisis=True,
    ),
    Visitor(
        "u",
        "Somebody threatens my son for money.",
        "n/p/b",
        "#do-not-pay-child #its-my-child report-remove police ceop",
        never="stopncii",
        crisis=True,
    ),
    Visitor(
        "v",
        "A grown-up touched my girl. (Wales)",
        "n/p/h/w",
        "police-england-wales childrens-services-wales referral-centre-scotland-wales",
        crisis=True,
    ),
    Visitor(
        "w",
        "An account is clearly after kids.",
        "n/s/a",
        "#keep-messages ceop police in-the-app crimestoppers",
    ),
    Visitor("x", "A horrid video, adults only.", "n/s/o", "in-the-app report-harmful-content ofcom"),
    Visitor(
        "y",
        "I'm 13 and saw something awful in a chat.",
        "n/c/s",
        "#found-it childline ceop police",
        never="stop-it-now",
    ),
    Visitor(
        "z",
        "I'm 10 and a picture of me is going round.",
        "n/c/m/i",
        "#its-me report-remove childline",
        never="stopncii",
        crisis=True,
    ),
]


def shown_to(content, walk: Walk) -> list[str]:
    """The ids shown on a result, in order; a notice has a # in front, and then the routes it names."""
    shown = []
    outcome = Outcome(content, walk)
    for step in (*outcome.steps, *outcome.after):
        if step.route:
            shown.append(step.route.id)
        else:
            shown.append(f"#{step.notice.id}")
            shown += [link.target for link in links(step.notice.body) if link.scheme in ("route", "call")]
    return shown


@pytest.mark.parametrize("visitor", VISITORS, ids=lambda v: f"{v.number} {v.says}")
def test_visitor_is_shown(content, page, visitor):
    walk = content.journey.follow(visitor.path.split("/"))
    assert walk.result, "the path ends at a question"
    shown = shown_to(content, walk)
    place = 0
    for wanted in visitor.shown.split():
        places = [n for n, id_ in enumerate(shown) if id_ in wanted.split("|") and n >= place]
        assert places, f"“{wanted}” is not among {shown[place:]}"
        place = places[0] + 1
    routes = content.directory.routes
    for role in visitor.roles.split():
        assert any(role in routes[id_].roles for id_ in shown if id_ in routes), role
    for role in visitor.nights.split():
        cards = {e.get("aria-labelledby"): Page.words(e) for e in page(check_url(walk.codes)).all("section")}
        (words,) = (cards[id_] for id_ in shown if id_ in routes and role in routes[id_].roles)
        assert re.search(r"\b(nights?|weekends?)\b", words), words
    everywhere = {*shown, *(route.id for route in Outcome(content, walk).crisis)}
    assert not everywhere & set(visitor.never.split())
    if visitor.crisis:
        assert walk.result.crisis


def test_deaf_visitor_finds_every_way_on_the_start_page(page):
    """28: "I'm Deaf and it's urgent.": from the start page."""
    start = page("/")
    assert "https://www.999bsl.co.uk" in start.links
    assert "18000" in start.text
    assert "register" in start.text


def test_every_path_asks_first_about_danger_and_then_settles_the_age(content):
    for walk in content.journey.walks():
        if walk.answered:
            assert walk.answered[0][0].id == content.journey.first
        if len(walk.answered) >= 2:
            first_two = content.journey.follow(walk.codes[:2])
            assert first_two.situation.age is not None, walk.codes


def test_most_paths_ask_four_questions_or_fewer(content):
    lengths = [len(walk.answered) for walk in content.journey.walks() if walk.result]
    assert max(lengths) <= 6
    assert sum(length <= 4 for length in lengths) > len(lengths) / 2


def test_every_question_lets_a_visitor_talk_to_someone_instead(content):
    """Every question offers it, but for "age": that one is asked of those who chose just this."""
    without = {
        question.id
        for question in content.journey.questions.values()
        if not any("talk to someone" in answer.label for answer in question.answers)
    }
    assert without == {"age"}
    chose = {
        walk.answered[-1][1].label
        for walk in content.journey.walks()
        if walk.question and walk.question.id == "age"
    }
    assert all("talk to someone" in label for label in chose), chose
