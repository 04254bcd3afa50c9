"""Walks through the journey of the content, along its own paths and along random ones."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from signpost.models.journey import RetiredCode, UnknownCode

#: Random paths, mostly of codes that the content uses.
PATHS = st.lists(st.sampled_from("nnnpckowsmbuthviadrxy") | st.text(max_size=4), max_size=8)


def test_the_path_of_every_walk_leads_back_to_it(content):
    for walk in content.journey.walks():
        assert content.journey.follow(walk.codes) == walk


@settings(max_examples=200, deadline=None, derandomize=True)
@given(PATHS)
def test_any_path_leads_somewhere_or_is_one_of_two_lookups(content, path):
    try:
        walk, whole = content.journey.follow(path), True
    except (RetiredCode, UnknownCode) as missed:
        walk, whole = missed.walk, False
    assert list(walk.codes) == path[: len(walk.codes)]
    assert (len(walk.codes) == len(path)) is whole
    assert (walk.question is None) is (walk.result is not None)
