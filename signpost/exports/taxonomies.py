"""The taxonomies of the open data, by which a program can ask "who takes reports" or "who helps with pictures"."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from signpost.models.directory import Kind, Role, Route
from signpost.models.journey import AGES, Age, Topic

#: The namespace of every identifier, so that identifiers are the same each day and on every copy of the site.
_ROOT = UUID("0a3d4f0e-6f0f-4a52-9c56-3a1f0f5a7c11")


def identifier(*names: str) -> str:
    """The identifier of what these names lead to."""
    return str(uuid5(_ROOT, "/".join(names)))


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A list of terms. ``description`` says what it means that a service has one of them."""

    code: str
    name: str
    description: str

    @property
    def id(self) -> str:
        """Its identifier."""
        return identifier("taxonomy", self.code)

    @property
    def record(self) -> dict[str, Any]:
        """It as an HSDS taxonomy."""
        return {"id": self.id, "name": self.name, "description": self.description}


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a taxonomy."""

    taxonomy: Taxonomy
    code: str
    name: str
    description: str

    @property
    def id(self) -> str:
        """Its identifier."""
        path = (self.code,) if self.taxonomy == _CONFIDENCE else (self.taxonomy.code, self.code)
        return identifier("term", *path)

    @property
    def record(self) -> dict[str, Any]:
        """It as an HSDS taxonomy term."""
        return {
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "description": self.description,
            "taxonomy": self.taxonomy.name,
            "taxonomy_id": self.taxonomy.id,
        }


_CONFIDENCE = Taxonomy("confidence", "Confidence", "Whether a fact was confirmed.")
NOT_CONFIRMED = Term(
    _CONFIDENCE,
    "not-confirmed",
    "Not confirmed",
    "Read on an old page or on just one, or known only from others. Check with the service first.",
)

_ROLE = Taxonomy("role", "What it can do", "What the service does for those who contact it.")
_TOPIC = Taxonomy(
    "topic",
    "What it is shown for",
    "What the answers say of the visitors to whom this site shows the service. The police and some helplines are shown"
    " for almost everything.",
)
_AGE = Taxonomy("age", "Whom it serves, by age", "The ages at all of which somebody can use the service.")
_KIND = Taxonomy("contact", "How to reach it", "The ways to reach the service.")

_ROLES: dict[Role, tuple[str, str]] = {
    "emergency": ("Emergency", "For danger now."),
    "report": ("Takes reports", "Takes a report that the police or an official body acts on."),
    "police": ("Police", "Is part of the police."),
    "online-police": (
        "Police for harm online",
        "Is the national police service for the protection of children online.",
    ),
    "talk": ("Somebody to talk to", "A person to talk it over with."),
    "children": ("For children", "Made for children and young people."),
    "prevention": ("Prevention", "For people who worry about themselves, or about an adult they know."),
    "childrens-services": ("Children’s services", "The council or trust that protects children."),
    "images": ("Pictures of children", "Takes reports of pictures of people under 18, or has them removed."),
    "adult-images": (
        "Pictures of adults",
        "About intimate pictures of adults. Not where a child is pictured.",
    ),
    "work": ("For people at work", "For people who work with children."),
    "anonymous": ("Reports without a name", "Made for reports by people who do not give their name."),
    "survivor": ("Survivors", "For people who were harmed."),
    "crisis": ("Crisis", "For distress and thoughts of suicide."),
    "health": ("Health", "Medical care after an assault."),
    "parents": ("For parents", "For parents and carers."),
    "online-harm": ("Other harm online", "For other harm online."),
    "disclosure": ("Asking the police about somebody", "Asks the police about a named person."),
    "abroad": ("Outside the UK", "For people or harm outside the UK."),
}
_TOPICS: dict[Topic, tuple[str, str]] = {
    "known-adult": ("An adult who may be harming a child", "Worried about an adult whom they know."),
    "child-worry": ("Worry about a child", "An adult worried that a child may be harmed."),
    "self-worry": ("Worry about oneself", "Worried about their own thoughts or behaviour."),
    "own-fear": ("Frightening thoughts", "Has thoughts that frighten them, as after a birth."),
    "doing": ("May be harming a child", "May be harming a child, or fears to, and looks for help to stop."),
    "investigated": ("Being investigated", "They or their child are being investigated."),
    "accused": ("Accused", "Says that they did nothing."),
    "law": ("What the law says", "Asks whether something is a crime."),
    "blackmail": ("Blackmail", "Somebody threatens to share pictures, or asks for money."),
    "own-image": ("Pictures of the visitor", "Pictures of them are or may be shared."),
    "arrest": ("After an arrest", "They or a relative were arrested, searched or accused."),
    "coerced": ("Being forced", "A child is forced to hurt themselves or others."),
    "survivor": ("Something that happened to them", "They were harmed."),
    "supporter": ("Support for a survivor", "Close to an adult who was harmed as a child."),
    "contact": ("Somebody contacts a child", "Somebody is contacting a child."),
    "seen-image": ("A picture that was seen", "Saw a picture or a video."),
    "work": ("Somebody at work", "About somebody who works with children, or at their own work."),
    "host": ("Running a site or a group", "Runs a site, a server, a game or a group."),
    "behaviour": ("What a child did", "What a child may have done to another child."),
    "hunters": ("Accusations by groups", "Groups that accuse people in public."),
    "unnamed": ("Staying anonymous", "Has to stay anonymous."),
    "recent": ("The last few days", "It happened in the last few days."),
    "talk": ("Wants to talk", "Wants to talk to somebody, about anything."),
    "other": ("Anything else", "None of these."),
}
_AGES: dict[Age, tuple[str, str]] = {
    "under-13": ("Under 13", "Everybody under 13."),
    "13-17": ("13 to 17", "Everybody from 13 to 17."),
    "under-18": ("Under 18", "Everybody under 18."),
    "18": ("18", "People who are 18."),
    "adult": ("18 and over", "Everybody from 18."),
}
_KINDS: dict[Kind, tuple[str, str]] = {
    "phone": ("Phone", "A number to call."),
    "text": ("Text message", "A number to text."),
    "sign-language": ("Sign language", "A call in British Sign Language."),
    "chat": ("Chat", "A chat with a person."),
    "web": ("Website", "A website or a form."),
    "email": ("E-mail", "An e-mail address."),
    "in-person": ("In person", "A place to go to."),
}

TAXONOMIES = (_ROLE, _TOPIC, _AGE, _KIND, _CONFIDENCE)


def _terms(taxonomy: Taxonomy, words: Any) -> dict[str, Term]:
    return {code: Term(taxonomy, code, *said) for code, said in words.items()}


_BY_ROLE, _BY_TOPIC = _terms(_ROLE, _ROLES), _terms(_TOPIC, _TOPICS)
_BY_AGE, _BY_KIND = _terms(_AGE, _AGES), _terms(_KIND, _KINDS)
TERMS = (
    *_BY_ROLE.values(),
    *_BY_TOPIC.values(),
    *_BY_AGE.values(),
    *_BY_KIND.values(),
    NOT_CONFIRMED,
)


def terms_of(route: Route, topics: Collection[Topic]) -> Iterator[Term]:
    """The terms of a route, in the order of the taxonomies.

    Args:
        route: the route.
        topics: the topics of the visitors whom the journey shows it to.
    """
    yield from (_BY_ROLE[role] for role in route.roles)
    yield from (term for code, term in _BY_TOPIC.items() if code in topics)
    yield from (_BY_AGE[age] for age, span in AGES.items() if route.ages.cover(span))
    kinds = {contact.kind for contact in route.contacts}
    yield from (term for code, term in _BY_KIND.items() if code in kinds)
