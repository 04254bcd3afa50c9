"""Visitors, each described in a sentence, and what the path that a sensible one would take must end with.

The numbers are those of the situations that the site was designed for; those with a letter were added here.
"what" lists route ids, notice ids (with a #) and alternatives (with a |), which must appear in this order, possibly
with others between them; "never" lists what must not appear. "roles" lists roles that some shown route must have;
"nights" is a role whose route must say how to reach it when it is closed. "also" lists what the help for a crisis
must include. "never_asked" is a question that must not be on the path, and "never_said" are words, separated by |,
that the result's own text must not contain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from signpost.checks.rules import outcomes
from signpost.models.journey import Walk
from signpost.models.markdown import links
from signpost.models.outcome import Outcome


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
    also: str = ""
    never_asked: str = ""
    never_said: str = ""


#: Services for adults, which must never be on a child's result.
ADULTS = "stop-it-now stop-it-now-families stop-it-now-self-help nspcc revenge-porn-helpline stopncii napac"

VISITORS = [
    # ------------------------------------------------ 1 to 60
    Visitor("1", "A man my daughter met online is on his way to our house.", "y", "999 #after-the-call"),
    Visitor(
        "2",
        "My son, 12, has messages from an adult asking for photos. (England)",
        "n/p/o/e",
        "#keep-messages police-england-wales|ceop nspcc stop-it-now",
    ),
    Visitor(
        "3",
        "Someone says they'll post my nudes unless I pay. I'm 15. (Wales)",
        "n/c/m/b/w",
        "#stop-and-tell police-england-wales|ceop report-remove childline #trusted-adult",
        never=ADULTS,
        crisis=True,
    ),
    Visitor(
        "4",
        "The same, and I'm 34, from pictures of me now. (Scotland)",
        "n/b/b/a/s",
        "#do-not-pay #now-me police-scotland revenge-porn-helpline stopncii",
        never="report-remove take-it-down iwf childline lifeline nhs-111",
        crisis=True,
    ),
    Visitor(
        "5",
        "I'm 18 and they have a picture from when I was 17. (England)",
        "n/b/b/e/e",
        "#do-not-pay #was-me police-england-wales|ceop take-it-down childline",
        never="revenge-porn-helpline stopncii report-remove",
        crisis=True,
    ),
    Visitor(
        "6",
        "I clicked a link and it showed a child being abused.",
        "n/s/w/e",
        "#found-it iwf police-england-wales stop-it-now",
        never="#northern-ireland",
    ),
    Visitor(
        "7",
        "It was sent to me in a group chat.",
        "n/s/g/s",
        "#found-it police-scotland|ceop in-the-app",
        never="iwf",
    ),
    Visitor(
        "8",
        "I think my husband looks at pictures of children. I haven't seen any.",
        "n/k/v/e",
        "stop-it-now #leave-it police-england-wales #shared-home",
        never="#northern-ireland",
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
        "n/k/a/e",
        "#watch-over samaritans stop-it-now-families #next-days childrens-services-england police-england-wales",
        crisis=True,
    ),
    Visitor(
        "11",
        "I can't stop thinking about children that way. I've done nothing.",
        "n/m/h",
        "stop-it-now stop-it-now-self-help samaritans",
        never="police #not-alone-with-a-child",
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
    # Shore is second until its address and hours are confirmed: rule 16.
    Visitor(
        "13",
        "I'm 16 and worried about what I've been watching.",
        "n/c/w/t/v",
        "childline shore #my-viewing-young #trusted-adult",
        never=ADULTS,
        crisis=True,
    ),
    Visitor(
        "14",
        "I'm 13 and dad looks at pictures of kids.",
        "n/c/o/a",
        "childline ceop police #trusted-adult",
        never=ADULTS,
    ),
    Visitor(
        "15",
        "My brother does things to me. I'm 11.",
        "n/c/m/h/e",
        "childline police-england-wales #trusted-adult",
        never=ADULTS,
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
        "#at-school safeguarding-lead police-england-wales report-remove childrens-services-wales stop-it-now",
        never="lado stopncii",
    ),
    Visitor(
        "18",
        "A coach messages the girls privately. (England)",
        "n/w/a/e",
        "police-england-wales safeguarding-lead lado stop-it-now nspcc",
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
        "#northern-ireland psni safeguarding-lead work-concern-northern-ireland stop-it-now nspcc",
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
        never="#northern-ireland",
        nights="childrens-services",
    ),
    Visitor(
        "20 Wales",
        "The same in Wales.",
        "n/o/h/w",
        "police-england-wales childrens-services-wales stop-it-now nspcc",
        never="#northern-ireland",
        nights="childrens-services",
    ),
    Visitor(
        "20 Scotland",
        "The same in Scotland.",
        "n/o/h/s",
        "police-scotland childrens-services-scotland stop-it-now nspcc",
        never="#northern-ireland",
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
        "21",
        "I know something but I can't be known. (Scotland)",
        "n/u/n/s",
        "crimestoppers stop-it-now nspcc police-scotland",
    ),
    Visitor("21 at 14", "The same, and I'm 14.", "n/c/n", "childline fearless", never=ADULTS),
    Visitor(
        "22",
        "It happened to me twenty years ago. (Wales)",
        "n/b/s/n/w",
        "live-fear-free survivors-trust napac police-england-wales",
        never="childrens-services-wales",
        crisis=True,
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
        "It happened last night. I'm 16. (Scotland)",
        "n/c/m/r/s",
        "police-scotland referral-centre-scotland childline",
        never=ADULTS,
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
        "n/b/i/c/e",
        "#was-me take-it-down iwf police-england-wales survivors-trust",
        never="revenge-porn-helpline stopncii report-remove childline",
        crisis=True,
    ),
    Visitor("25", "The site is hosted abroad.", "n/s/w/w", "iwf"),
    Visitor(
        "26",
        "I live in Spain.",
        "n/x/c",
        "nspcc local-police-abroad police-england-wales stop-it-now inhope",
        never="police 999 samaritans childline ceop",
    ),
    Visitor(
        "27",
        "A man from our town goes to Asia for this.",
        "n/u/f/e",
        "police-england-wales ceop crimestoppers",
    ),
    Visitor(
        "29",
        "Someone told me the girl I chatted to was 15 and wants money.",
        "n/b/b/s/e",
        "#do-not-pay police-england-wales stop-it-now samaritans",
        never="revenge-porn-helpline stopncii",
        crisis=True,
    ),
    Visitor("30", "A hunter group wants me to join.", "n/u/g", "#hunters police"),
    Visitor("31", "I'm not sure it's anything. (Wales)", "n/u/u/w", "stop-it-now nspcc police-england-wales"),
    Visitor(
        "32",
        "My child's been abused; the police know. How do I help her?",
        "n/p/k/d/e",
        "#after-police ivison-trust police-england-wales nspcc stop-it-now family-rights-group",
        crisis=True,
    ),
    Visitor(
        "33",
        "A member of my small forum uploaded such pictures.",
        "n/w/v/e",
        "#your-site police-england-wales nca-reporting iwf stop-it-now samaritans",
    ),
    Visitor(
        "34",
        "A customer's laptop has such pictures. He collects it at five.",
        "n/w/m/e",
        "#at-your-job police-england-wales stop-it-now",
        never="childrens-services-england work-concern lado",
        never_asked="nation",
    ),
    Visitor(
        "35",
        "They closed my account over a photo I sent the doctor.",
        "n/m/l/b/e",
        "#account-closed samaritans",
        never="stop-it-now-self-help #my-viewing police-england-wales",
        crisis=True,
    ),
    Visitor(
        "36",
        "My ex told the police I look at children. I did nothing.",
        "n/l/p/e",
        "#your-rights stop-it-now samaritans",
        never="police-england-wales stop-it-now-self-help #my-viewing #not-alone-with-a-child",
        never_said="what I did|you did|what you have done",
        crisis=True,
    ),
    Visitor(
        "37",
        "Police came at six for my son, 17, over images.",
        "n/p/k/y/e",
        "#our-child-at-risk childline shore #your-childs-rights stop-it-now nspcc",
        never="#after-police #its-my-child",
        never_said="I believe you|not your fault",
        crisis=True,
    ),
    Visitor(
        "38",
        "I looked at drawn pictures. Is that illegal?",
        "n/l/d",
        "stop-it-now #law-on-drawings",
        never="police iwf",
        crisis=True,
    ),
    Visitor(
        "39",
        "Old family films, toddlers in the bath.",
        "n/l/f",
        "stop-it-now #law-on-family",
        never="police #my-viewing stop-it-now-self-help",
    ),
    Visitor(
        "40",
        "Terrible thoughts about my newborn. Will they take her? (England)",
        "n/m/i/e",
        "gp nhs-111 stop-it-now samaritans",
        never="police-england-wales #not-alone-with-a-child #move-away childrens-services-england",
        crisis=True,
    ),
    Visitor(
        "41",
        "My daughter, 14, sells pictures of herself.",
        "n/p/i/p/e",
        "#being-used police-england-wales ceop childrens-services-england report-remove nspcc stop-it-now",
        never="stopncii",
    ),
    Visitor(
        "42",
        "An e-mail to our school has AI pictures made from our website, and wants money.",
        "n/w/b/e",
        "#do-not-pay-work police-england-wales safeguarding-lead iwf",
        never="in-the-app",
    ),
    Visitor(
        "43",
        "He was convicted for pictures of me at 8. Are they still out there? I have no copy.",
        "n/b/i/n/e",
        "#no-copy police-england-wales rape-crisis-england-wales survivors-trust",
        never="iwf stopncii",
        crisis=True,
    ),
    Visitor(
        "44",
        "My brother leaves prison. Dad wants him with us and my kids.",
        "n/k/m/c/e",
        "#may-be-back police-england-wales childrens-services-england stop-it-now",
    ),
    Visitor(
        "45",
        "I'm a childminder. My husband was arrested yesterday.",
        "n/k/w/e",
        "#watch-over #others-children stop-it-now-families lado childrens-services-england police-england-wales",
        crisis=True,
    ),
    Visitor(
        "45 Wales",
        "The same in Wales.",
        "n/k/w/w",
        "#watch-over #others-children stop-it-now-families work-concern-wales",
        never="lado",
        crisis=True,
    ),
    Visitor(
        "46",
        "Hunters filmed my husband. A crowd is outside.",
        "n/k/m/d",
        "#at-the-door police stop-it-now-families nspcc #your-rights report-harmful-content",
        crisis=True,
    ),
    Visitor(
        "47",
        "I shared a video to find the man. Now I read it's a crime.",
        "n/l/s/e",
        "#take-it-out-of-view #found-it police-england-wales",
        crisis=True,
    ),
    Visitor(
        "48",
        "They arrested my dad. I'm 12.",
        "n/c/a",
        "childline #school-adult",
        never=f"{ADULTS} ceop iwf crimestoppers #leave-it-young",
        crisis=False,
    ),
    Visitor(
        "49",
        "I'm 13 and I can't phone, they'd hear.",
        "n/c/q",
        "#without-a-sound hide-your-visit shout childline #show-this",
        never=ADULTS,
    ),
    Visitor(
        "50",
        "My ex won't delete my pictures. I'm 16. (England)",
        "n/c/m/i/e",
        "#its-me childline report-remove ceop",
        never=ADULTS,
        crisis=True,
    ),
    Visitor(
        "51",
        "I did something with my cousin. I'm 12.",
        "n/c/w/y",
        "childline #if-another-child #trusted-adult",
        never=f"{ADULTS} shore police shout samaritans",
    ),
    Visitor(
        "52",
        "My grandson, who I look after, told me something. (England, 8pm)",
        "n/p/l/e",
        "#listening police-england-wales #until-help hide-your-visit childrens-services-england #in-care nspcc stop-it-now #if-recent",
        nights="childrens-services",
    ),
    Visitor(
        "53",
        "My niece, 9, goes live and strangers ask her for things.",
        "n/o/i/l/e",
        "#live-note police-england-wales ceop report-remove nspcc",
        never="stopncii",
    ),
    Visitor(
        "55",
        "I'm in Spain and saw an Englishman film children at the pool.",
        "n/x/b",
        "local-police-abroad #person-from-uk ceop police-england-wales",
        never="police 999 samaritans childline nspcc",
    ),
    Visitor(
        "56",
        "I'm 15, in Derry. They want gift cards.",
        "n/c/m/b/n",
        "#stop-and-tell psni|ceop report-remove childline",
        never=f"{ADULTS} nhs-111 nhs-24 #northern-ireland",
        crisis=True,
        also="lifeline",
    ),
    Visitor(
        "57",
        "My wife told me what was done to her as a child.",
        "n/k/m/f/e",
        "#for-a-helper survivors-trust rape-crisis-england-wales police-england-wales childrens-services-england",
        never="#northern-ireland #northern-ireland-survivor #leave-it",
        crisis=True,
    ),
    Visitor(
        "57 NI",
        "The same in Northern Ireland.",
        "n/k/m/f/n",
        "#for-a-helper survivors-trust nexus-helpline #northern-ireland-survivor",
        never="#northern-ireland",
        crisis=True,
    ),
    Visitor(
        "58",
        "I moderate content. I can't get it out of my head.",
        "n/w/e",
        "samaritans #lasting gp #found-it",
        crisis=True,
    ),
    Visitor(
        "59",
        "My 12-year-old's chatbot talks sex with her.",
        "n/p/s/m",
        "in-the-app nspcc report-harmful-content ofcom ceop",
        never="iwf #found-it report-remove",
    ),
    Visitor(
        "60",
        "Sunday, 3am. I just want to talk to someone.",
        "t/a",
        "#if-under-19 samaritans stop-it-now nspcc survivors-trust police",
        crisis=True,
    ),
    # ------------------------------------------------ our own, until every visitor has several
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
    Visitor("c", "I'm 17 and I just want to talk.", "t/c", "childline shout", never=ADULTS),
    Visitor(
        "e",
        "A stranger keeps sending me sweet messages. I'm 12.",
        "n/c/m/o",
        "#your-messages childline ceop #trusted-adult police",
        never=ADULTS,
    ),
    Visitor("f", "My friend's stepdad scares her. We're 14.", "n/c/o/f", "childline #trusted-adult police"),
    Visitor(
        "g",
        "A stranger writes to my grandson. (Scotland)",
        "n/o/o/s",
        "#keep-messages police-scotland ceop nspcc stop-it-now",
    ),
    Visitor(
        "h",
        "My new partner is very keen on my kids. Can I check him? (England)",
        "n/p/a/q/e",
        "police-england-wales ask-police-england-wales stop-it-now",
    ),
    Visitor(
        "h NI",
        "The same in Northern Ireland.",
        "n/k/m/q/n",
        "psni ask-police-northern-ireland stop-it-now #northern-ireland",
    ),
    Visitor(
        "i",
        "Our nanny frightens me. (not sure of the nation)",
        "n/p/a/h/u",
        "police stop-it-now childrens-services nspcc #until-help",
        never="#northern-ireland lado",
    ),
    Visitor(
        "j",
        "The police took my computers. (Scotland)",
        "n/m/p/s",
        "#your-rights stop-it-now samaritans",
        never="police police-scotland",
        crisis=True,
        also="nhs-24",
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
        "n/m/b/e",
        "stop-it-now #do-not-pay police-england-wales samaritans",
        never="revenge-porn-helpline",
        crisis=True,
    ),
    Visitor(
        "m",
        "My school covers things up. (Wales)",
        "n/w/h/w",
        "nspcc-whistleblowing police-england-wales childrens-services-wales work-concern-wales",
        never="lado",
    ),
    Visitor(
        "n",
        "A foster child told me something. (Scotland)",
        "n/p/l/s",
        "#listening police-scotland childrens-services-scotland #in-care nspcc",
    ),
    Visitor(
        "o",
        "A picture of me, 25 in it, is on a site.",
        "n/b/i/a/w",
        "#now-me revenge-porn-helpline stopncii police-england-wales",
        crisis=True,
    ),
    Visitor(
        "p",
        "I don't know how old I was in it.",
        "n/b/i/u/u",
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
        "stop-it-now local-police-abroad police-england-wales",
        never="samaritans survivors-trust",
        crisis=True,
    ),
    Visitor(
        "s",
        "I'm 15 and live in Ireland.",
        "n/c/x/u",
        "child-helplines-abroad local-police-abroad #trusted-adult",
        never="childline 999",
    ),
    Visitor(
        "s blackmail",
        "I'm 15, live in Ireland, and someone wants money for a picture of me.",
        "n/c/x/i",
        "child-helplines-abroad #not-paying-abroad-young #picture-abroad-young local-police-abroad take-it-down #trusted-adult",
        never="childline report-remove stopncii",
        crisis=True,
    ),
    Visitor(
        "s self",
        "I'm 14, live in Ireland, and worry about what I watch.",
        "n/c/x/w",
        "child-helplines-abroad #trusted-adult",
        never="local-police-abroad police stop-it-now shore inhope",
        crisis=True,
    ),
    Visitor(
        "recent, abroad",
        "It happened last night, in Spain. I'm 25.",
        "n/b/r/x",
        "local-police-abroad #see-a-doctor",
        crisis=True,
    ),
    Visitor(
        "recent, Wales",
        "It happened last night. (Wales)",
        "n/b/r/w",
        "police-england-wales referral-centre-wales live-fear-free survivors-trust",
        never="referral-centre referral-centre-england",
        crisis=True,
    ),
    Visitor(
        "arrest, abroad",
        "We live in Spain, and they arrested my husband this morning.",
        "n/k/a/x",
        "stop-it-now #watch-over-abroad nspcc local-police-abroad",
        never="police 999 samaritans",
        crisis=True,
    ),
    Visitor(
        "investigated, abroad",
        "The police in France took my computers.",
        "n/m/p/x",
        "stop-it-now #rights-abroad",
        never="police 999 samaritans",
        crisis=True,
    ),
    Visitor(
        "child investigated, abroad",
        "I'm 15, in Ireland, and the police want to talk to me.",
        "n/c/p/x",
        "child-helplines-abroad #rights-abroad-young #trusted-adult",
        never="childline 999",
        crisis=True,
    ),
    Visitor(
        "recent, child abroad",
        "It happened last night, in Spain. I'm 15.",
        "n/c/m/r/x",
        "child-helplines-abroad #see-a-doctor-young local-police-abroad",
        crisis=True,
    ),
    Visitor(
        "coerced, abroad",
        "A group online makes me cut myself tonight. I live in France.",
        "n/c/m/g/x",
        "child-helplines-abroad #get-out-abroad",
        never_said="999",
        crisis=True,
    ),
    Visitor(
        "expat",
        "I'm 34, in Spain, and they want money for pictures of me now.",
        "n/x/n/a",
        "#now-me stopncii local-police-abroad #not-paying-abroad",
        never="take-it-down police samaritans stop-it-now inhope",
        crisis=True,
    ),
    Visitor(
        "grandson",
        "A stranger has put up my grandson's photo. (England)",
        "n/o/i/n/e",
        "#that-child police-england-wales report-remove iwf ceop nspcc stop-it-now",
        never="stopncii take-it-down",
    ),
    Visitor(
        "coach",
        "A coach messages my daughter. (England)",
        "n/p/a/h/e",
        "police-england-wales stop-it-now childrens-services-england nspcc lado",
    ),
    Visitor(
        "survivor, Northern Ireland",
        "It happened to me long ago, and nobody is at risk. (Northern Ireland)",
        "n/b/s/n/n",
        "nexus-helpline survivors-trust napac",
        never="#northern-ireland #northern-ireland-survivor",
        crisis=True,
        also="lifeline",
    ),
    Visitor(
        "survivor near, Northern Ireland",
        "... and he has grandchildren. (Northern Ireland)",
        "n/b/s/y/n",
        "#northern-ireland-survivor nexus-helpline psni childrens-services-northern-ireland",
        never="#northern-ireland",
        crisis=True,
    ),
    Visitor(
        "old teacher",
        "My old teacher abused me; now he runs a youth club. I don't want a trial. (England)",
        "n/b/s/w/e",
        "police-england-wales lado rape-crisis-england-wales survivors-trust",
        crisis=True,
    ),
    Visitor(
        "saw, talk",
        "I saw something and want to talk to somebody.",
        "n/s/t",
        "#found-it samaritans stop-it-now nspcc police",
    ),
    Visitor(
        "t",
        "My child's picture is out there. (England)",
        "n/p/i/n/e",
        "#its-my-child police-england-wales report-remove take-it-down ceop nspcc stop-it-now #child-crisis",
        never="stopncii",
    ),
    Visitor(
        "u",
        "Somebody threatens my son for money. (Northern Ireland)",
        "n/p/b/n",
        "#do-not-pay-child #its-my-child psni #child-crisis ceop report-remove nspcc stop-it-now #northern-ireland",
        never="stopncii",
    ),
    Visitor(
        "v",
        "A grown-up touched my girl. (Wales)",
        "n/p/h/w",
        "police-england-wales #until-help childrens-services-wales referral-centre-wales #if-recent nspcc stop-it-now",
        never="#northern-ireland",
    ),
    Visitor(
        "w",
        "An account is clearly after kids. (England)",
        "n/s/a/e",
        "#keep-messages police-england-wales ceop in-the-app crimestoppers stop-it-now",
    ),
    Visitor("x", "A horrid video, adults only.", "n/s/o", "police report-harmful-content ofcom"),
    Visitor(
        "y",
        "I'm 13 and saw something awful in a chat.",
        "n/c/s",
        "#found-it-young childline ceop police",
        never=ADULTS,
        never_said="solicitor",
    ),
    Visitor(
        "z",
        "I'm 10 and a picture of me is going round. (Scotland)",
        "n/c/m/i/s",
        "#its-me childline report-remove police-scotland #trusted-adult",
        never=f"{ADULTS} nhs-111 lifeline",
        crisis=True,
        also="nhs-24",
    ),
    Visitor(
        "13 own",
        "I'm 14, I sent a girl's nude on, the police are coming to school. (England)",
        "n/c/p/e",
        "#your-rights-young shore childline #trusted-adult police-england-wales",
        never=ADULTS,
        crisis=True,
    ),
    Visitor(
        "13 own, too",
        "The head wants to see me about what I did on the bus. (Northern Ireland)",
        "n/c/p/n",
        "#your-rights-young childline",
        never=f"{ADULTS} #northern-ireland",
        crisis=True,
        also="lifeline",
    ),
    Visitor(
        "14 own",
        "They took my brother's phone and now everyone cries. I'm 15.",
        "n/c/a",
        "childline #school-adult shout",
        never=f"{ADULTS} ceop",
    ),
    Visitor(
        "15 own, thoughts",
        "I'm 15 and have thoughts about younger kids. I've done nothing.",
        "n/c/w/t/h",
        "childline shore #trusted-adult",
        never=f"{ADULTS} police #not-alone-with #my-viewing-young",
        crisis=True,
    ),
    Visitor(
        "15 own, did",
        "I'm 14 and I touched my little brother.",
        "n/c/w/t/d",
        "#not-alone-with childline shore #trusted-adult",
        never=f"{ADULTS} police",
        never_said="offender|abuser",
        crisis=True,
    ),
    Visitor(
        "15 own, sent on",
        "I'm 16 and sent a picture of a girl to my mates.",
        "n/c/w/t/s",
        "childline shore #sent-on-young",
        never=f"{ADULTS} police #my-viewing-young",
        crisis=True,
    ),
    Visitor(
        "16 own",
        "I'm 11, I don't want mum to hear me talk.",
        "n/c/q",
        "shout childline #show-this ceop",
        never=ADULTS,
    ),
    Visitor(
        "17 own",
        "A group online tells me to cut myself on camera. I'm 13. (England)",
        "n/c/m/g/e",
        "#stop-and-get-help childline police-england-wales ceop #trusted-adult",
        never=ADULTS,
        crisis=True,
        also="nhs-111",
    ),
    Visitor(
        "17 own, animal",
        "They made me hurt our cat or they'd tell. I'm 12. (Scotland)",
        "n/c/m/g/s",
        "#stop-and-get-help childline police-scotland ceop",
        never=ADULTS,
        crisis=True,
    ),
    Visitor(
        "18 own",
        "My boyfriend says he'll show everyone. I'm 15. (Wales)",
        "n/c/m/b/w",
        "#stop-and-tell police-england-wales report-remove childline",
        never=ADULTS,
        crisis=True,
    ),
    Visitor(
        "19 own",
        "Social workers ask about what my daughter, 13, did with a boy of 6. (Scotland)",
        "n/p/k/y/s",
        "#our-child-at-risk #your-childs-rights stop-it-now nspcc police-scotland parentline-scotland",
        never="#after-police #northern-ireland",
        crisis=True,
    ),
    Visitor(
        "20 own",
        "I foster. She told me at bedtime. (Northern Ireland)",
        "n/p/l/n",
        "#listening psni childrens-services-northern-ireland #in-care nspcc stop-it-now #northern-ireland",
    ),
    Visitor(
        "21 own",
        "Strangers put normal photos of my daughter on a site and write filth under them.",
        "n/p/i/o/e",
        "#ordinary-picture in-the-app police-england-wales nspcc stop-it-now",
        never="take-it-down report-remove stopncii",
    ),
    Visitor(
        "21 own, gifts",
        "A man sends my son trainers and wants videos. (Wales)",
        "n/p/i/p/w",
        "#being-used police-england-wales ceop childrens-services-wales",
    ),
    Visitor(
        "22 own",
        "Facebook banned me for child exploitation and took my business page.",
        "n/l/b/e",
        "#account-closed samaritans",
        never="stop-it-now-self-help",
        crisis=True,
    ),
    Visitor(
        "22 own, bailed",
        "A girl at my work says I touched her. I'm on bail and did nothing. (Northern Ireland)",
        "n/m/l/p/n",
        "#your-rights stop-it-now samaritans",
        never="psni #northern-ireland stop-it-now-self-help",
        crisis=True,
        also="lifeline",
    ),
    Visitor(
        "23 own",
        "I'm 19, my girlfriend is 17 and her pictures are on my phone.",
        "n/l/a",
        "stop-it-now #law-on-ages",
        never="#not-alone-with-a-child #move-away police",
    ),
    Visitor(
        "23 own, click",
        "I clicked one wrong link. Am I in the wrong now? (England)",
        "n/l/k/e",
        "#found-it stop-it-now iwf police-england-wales samaritans",
        never="stop-it-now-self-help",
        crisis=True,
    ),
    Visitor(
        "24 own",
        "I keep checking whether I am a monster, every time I see a child. (Scotland)",
        "n/m/i/s",
        "gp nhs-24 stop-it-now samaritans",
        never="police-scotland #move-away",
        crisis=True,
    ),
    Visitor(
        "25 own",
        "The police emailed me that I watched child porn and I have 72 hours. (England)",
        "n/u/e/e",
        "#not-police police-england-wales report-fraud samaritans",
        never="stop-it-now-self-help #my-viewing",
        crisis=True,
    ),
    Visitor(
        "25 own, Scotland",
        "A letter from a police chief wants money from me by email. (Scotland)",
        "n/b/b/p/s",
        "#not-police police-scotland samaritans",
        never="report-fraud stopncii",
        crisis=True,
    ),
    Visitor(
        "26 own",
        "In the game I help run, a grown man writes sexual things to a boy of 13.",
        "n/s/a/e",
        "#keep-messages police-england-wales|ceop in-the-app",
        never="iwf",
    ),
    Visitor(
        "26 own, server",
        "Someone posted it on my Discord server. (Northern Ireland)",
        "n/s/s/n",
        "#your-site psni nca-reporting iwf stop-it-now #northern-ireland",
    ),
    Visitor(
        "27 own",
        "I clean hotel rooms and found a camera and a child's clothes. (Wales)",
        "n/w/m/w",
        "#at-your-job police-england-wales stop-it-now nspcc",
        never="childrens-services-wales",
        never_asked="nation",
    ),
    Visitor(
        "27 own, therapist",
        "I'm a therapist in Belfast; a client told me he looks at child images.",
        "n/w/g/n",
        "#someone-you-help psni stop-it-now #northern-ireland",
        never="lado safeguarding-lead",
    ),
    Visitor(
        "28 own",
        "My neighbour was jailed for it, and now he minds a baby. (Scotland)",
        "n/k/m/c/s",
        "#may-be-back police-scotland childrens-services-scotland stop-it-now ask-police-scotland",
    ),
    Visitor(
        "30 abroad",
        "I live in Germany. My sister told me what was done to her as a child.",
        "n/k/m/f/x",
        "#for-a-helper-abroad stop-it-now local-police-abroad",
        crisis=True,
    ),
    Visitor(
        "28 family",
        "My husband was jailed for it two years ago. I visit him, and I can tell nobody. (Scotland)",
        "n/k/m/a/s",
        "stop-it-now-families #family-too childrens-services-scotland police-scotland",
        never="#may-be-back",
        crisis=True,
    ),
    Visitor(
        "29 own",
        "I teach, and my partner was taken in today. (Scotland)",
        "n/k/w/s",
        "#watch-over #others-children stop-it-now-families work-concern-scotland police-scotland",
        never="lado",
        crisis=True,
    ),
    Visitor(
        "30 own",
        "I'm a gay man, it was a priest, long ago. (England)",
        "n/b/s/n/e",
        "rape-crisis-england-wales survivors-trust napac police-england-wales #all-welcome galop",
        crisis=True,
    ),
    Visitor(
        "30 own, mother",
        "My grown son told me about his scout leader.",
        "n/b/f/w",
        "#for-a-helper survivors-trust live-fear-free",
        never="#northern-ireland",
        crisis=True,
    ),
    Visitor(
        "31 own",
        "They have filmed me at my door and I am the wrong man.",
        "n/l/g",
        "#at-the-door police stop-it-now-families #your-rights",
        never="stop-it-now-self-help",
        crisis=True,
    ),
    Visitor(
        "32 own",
        "Our football club got a mail with made-up pictures of the under-12s. (Northern Ireland)",
        "n/w/b/n",
        "#do-not-pay-work psni safeguarding-lead iwf childrens-services-northern-ireland #northern-ireland",
    ),
    Visitor(
        "33 own",
        "I live with him and he reads my phone. (Wales)",
        "n/k/h/w",
        "police-england-wales stop-it-now #until-help hide-your-visit live-fear-free",
    ),
    Visitor(
        "33 own, unsure",
        "I'm scared of my dad, who is odd with my girls. (England)",
        "n/k/u/e",
        "stop-it-now nspcc police-england-wales #shared-home hide-your-visit domestic-abuse-helpline",
    ),
    Visitor(
        "33 own, at home, England",
        "I live with him and I am afraid of him. There are children.",
        "n/k/l/e",
        "domestic-abuse-helpline #safe-at-home hide-your-visit stop-it-now police-england-wales"
        " childrens-services-england nspcc",
        crisis=True,
    ),
    Visitor(
        "33 own, at home, Wales",
        "The same.",
        "n/k/l/w",
        "live-fear-free #safe-at-home stop-it-now",
        crisis=True,
    ),
    Visitor(
        "33 own, at home, Scotland",
        "The same.",
        "n/p/a/l/s",
        "domestic-abuse-helpline-scotland #safe-at-home stop-it-now police-scotland",
        crisis=True,
    ),
    Visitor(
        "33 own, at home, Northern Ireland",
        "The same.",
        "n/k/l/n",
        "nexus-helpline #safe-at-home stop-it-now psni #northern-ireland",
        crisis=True,
    ),
    Visitor(
        "33 own, at home, unsaid",
        "The same, and I will not say where.",
        "n/k/l/u",
        "#home-lines domestic-abuse-helpline live-fear-free domestic-abuse-helpline-scotland nexus-helpline #safe-at-home",
        crisis=True,
    ),
    Visitor(
        "child investigated, lives abroad",
        "I'm 14, in Germany. My school called the police about me.",
        "n/c/x/p",
        "child-helplines-abroad #rights-abroad-young #trusted-adult local-police-abroad",
        never_said="fault|solicitor",
        crisis=True,
    ),
    Visitor(
        "fake police, abroad",
        "I'm in Portugal. An email from 'the police' wants money.",
        "n/u/e/x",
        "stop-it-now local-police-abroad #not-police #not-paying-abroad",
        never="nspcc report-fraud",
        crisis=True,
    ),
    Visitor(
        "teenager's screen",
        "My son, 16, watches things that frighten me. (Wales)",
        "n/p/s/v/w",
        "stop-it-now #looks-at-things shore nspcc police-england-wales",
        never="#two-children #after-police #northern-ireland",
    ),
    Visitor(
        "dead father",
        "My dad died. There are pictures of children on his old computer. (England)",
        "n/s/d/e",
        "police-england-wales #found-it stop-it-now",
    ),
    Visitor(
        "Philippines",
        "My uncle pays a family in the Philippines and watches the kids on video. (England)",
        "n/x/f/e",
        "police-england-wales ceop crimestoppers stop-it-now #leave-it",
    ),
    Visitor(
        "abroad, child here",
        "My niece lives in France, I'm in Belfast.",
        "n/o/h/z",
        "psni ceop nspcc stop-it-now #northern-ireland",
    ),
    Visitor(
        "taxi",
        "I drove a frightened girl and a grown man to a hotel. (England)",
        "n/w/k/e",
        "police-england-wales childrens-services-england stop-it-now nspcc #leave-it",
        never="#at-your-job #found-it",
        never_asked="nation",
    ),
    Visitor(
        "street",
        "A man films children at the swimming pool. (Scotland)",
        "n/s/r/s",
        "police-scotland childrens-services-scotland stop-it-now nspcc #leave-it",
        never="#found-it iwf",
    ),
    Visitor(
        "grown-up son",
        "They want money from my son, 19, or they post pictures of him. (Wales)",
        "n/k/b/a/w",
        "#do-not-pay police-england-wales revenge-porn-helpline stopncii",
        never="report-remove childline iwf",
        crisis=True,
    ),
    Visitor(
        "hidden camera, holiday home",
        "There is a camera in the bathroom of our holiday flat. The children used it. (England)",
        "n/s/h/e",
        "#camera police-england-wales #shared-home nspcc stop-it-now childrens-services-england",
        never="iwf report-remove take-it-down #found-it #northern-ireland",
        never_asked="nation",
    ),
    Visitor(
        "hidden camera, own child",
        "I found a camera in my daughter's bathroom. My partner lives with us. (Northern Ireland)",
        "n/p/i/h/n",
        "#camera psni #shared-home hide-your-visit nspcc stop-it-now childrens-services-northern-ireland"
        " #northern-ireland",
        never="iwf report-remove take-it-down",
        never_said="(?i)shut the door|everyone out",  # that tells somebody at home that it was found
    ),
    Visitor(
        "told, and nothing happened",
        "I told the council weeks ago about the girl next door, and nothing happened. (Scotland)",
        "n/o/r/s",
        "#tell-again police-scotland childrens-services-scotland #until-help nspcc stop-it-now #to-complain"
        " #leave-it",
        never="#northern-ireland",
    ),
    Visitor(
        "told the police, and nothing happened",
        "The police never called back about my son. (Northern Ireland)",
        "n/p/k/r/n",
        "#tell-again psni childrens-services-northern-ireland #until-help nspcc #to-complain"
        " #northern-ireland",
    ),
    Visitor(
        "told an app, and nothing happened",
        "I reported the account three times, and it is still there. (Wales)",
        "n/u/r/w",
        "#tell-again iwf report-harmful-content police-england-wales childrens-services-wales",
    ),
    Visitor(
        "learning disability, Scotland",
        "My brother, 25, has a learning disability. A carer touches him. (Scotland)",
        "n/k/m/f/s",
        "#for-a-helper survivors-trust #adult-at-risk police police-scotland",
        never="lado #northern-ireland",
        crisis=True,
    ),
    Visitor(
        "learning disability, Northern Ireland",
        "The same.",
        "n/b/f/n",
        "#for-a-helper #adult-at-risk childrens-services-northern-ireland nexus-helpline psni",
        crisis=True,
    ),
    Visitor(
        "learning disability, himself",
        "I am 38 and need help from others. Someone at my club touches me. (Northern Ireland)",
        "n/b/r/n",
        "psni referral-centre-northern-ireland #adult-at-risk-me #shared-home nexus-helpline",
        crisis=True,
    ),
    Visitor(
        "threatened with fakes",
        "They made fake pictures of me, I'm 41, and want money. (England)",
        "n/b/b/a/e",
        "#do-not-pay #now-me police-england-wales revenge-porn-helpline stopncii",
        never="report-remove childline iwf",
        crisis=True,
    ),
    Visitor(
        "friend threatened",
        "A friend, 20, is threatened with a video from when she was 16. (Scotland)",
        "n/k/b/c/s",
        "#do-not-pay #was-me police-scotland ceop take-it-down",
        never="revenge-porn-helpline stopncii",
        crisis=True,
    ),
]


def shown_to(content, walk: Walk) -> list[str]:
    """The ids shown on a result, in order. A notice's id begins with #, and the routes it names follow it."""
    shown = []
    outcome = Outcome(content, walk)
    for step in (*outcome.steps, *outcome.after):
        if step.route:
            shown.append(step.route.id)
        else:
            shown.append(f"#{step.notice.id}")
            text = step.notice.body + step.notice.more
            shown += [link.target for link in links(text) if link.scheme in ("route", "call", "page")]
    return shown


@pytest.mark.parametrize("visitor", VISITORS, ids=lambda v: f"{v.number} {v.says}")
def test_visitor_is_shown(content, visitor):
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
        (route,) = (routes[id_] for id_ in shown if id_ in routes and role in routes[id_].roles)
        words = " ".join(f"{contact.label} {contact.note}" for contact in route.contacts)
        assert re.search(r"\b(nights?|weekends?|is shut)\b", words), words
    outcome = Outcome(content, walk)
    crisis = [route.id for route in outcome.crisis]
    assert not {*shown, *crisis} & set(visitor.never.split())
    assert set(visitor.also.split()) <= set(crisis)
    assert visitor.never_asked not in {question.id for question, _ in walk.answered}
    notices = [step.notice for step in outcome.steps if step.notice]
    own = [walk.result.lead, walk.result.when_shut, *(words for n in notices for words in (n.body, n.more))]
    if visitor.never_said:
        assert not re.search(visitor.never_said, " ".join(own))
    if visitor.crisis:
        assert walk.result.crisis


@pytest.mark.parametrize("address", ["/", "/check/", "/check/y"])
def test_deaf_visitor_finds_every_way_at_once(page, address):
    """28: "I'm Deaf and it's urgent."; 54: "I'm Deaf. A man is with the girl next door and she screams."."""
    there = page(address)
    assert {"https://www.999bsl.co.uk/", "tel:18000", "sms:999?&body=register"} <= set(there.links)


def test_no_result_offers_to_print_what_somebody_at_home_may_find(content):
    at_home = {"#shared-home", "#safe-at-home", "#same-home"}
    offered = {
        outcome.result.id: outcome.walk.codes
        for outcome in outcomes(content)
        if outcome.may_share and at_home & set(shown_to(content, outcome.walk))
    }
    assert not offered, offered
    assert any(outcome.may_share for outcome in outcomes(content))


def test_what_somebody_else_is_threatened_with_leads_on_as_ones_own_threat_does(content):
    """The words differ, the codes and where they lead do not."""
    mine, theirs = content.journey.questions["threat"], content.journey.questions["threat-them"]
    assert [(a.code, a.next, a.result, a.implies) for a in mine.answers] == [
        (a.code, a.next, a.result, a.implies) for a in theirs.answers
    ]
    assert [a.code for a in theirs.answers if re.search(r"\b(me|I|my)\b", a.label)] == ["u", "t"]


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


def test_no_notice_speaks_both_to_children_and_to_adults(content):
    young, adult = (
        {
            step.notice.id: outcome.result.id
            for outcome in outcomes(content)
            if outcome.situation.young is under_18
            for step in (*outcome.steps, *outcome.after)
            if step.notice
        }
        for under_18 in (True, False)
    )
    both = {notice: (young[notice], adult[notice]) for notice in young if notice in adult}
    assert not both, f"{both}: write one in a child's words, and one in an adult's"


def test_every_question_lets_a_visitor_talk_to_someone_instead(content):
    """Every question except "age" offers it: "age" is asked only of visitors who have already chosen to talk."""
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
