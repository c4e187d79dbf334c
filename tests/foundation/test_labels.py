"""Words for enum members: one kind a call, so that none takes another's place."""

from enum import StrEnum

import pytest

from foundation import labels


class Fruit(StrEnum):
    ORANGE = "orange"


class Colour(StrEnum):
    ORANGE = "orange"
    BLUE = "blue"


def test_members_with_the_same_value_keep_words_of_their_own():
    labels.register({Fruit.ORANGE: ("An orange", "none")})
    labels.register({Colour.ORANGE: ("Orange", "warn")})
    assert (labels.label(Fruit.ORANGE), labels.label(Colour.ORANGE)) == ("An orange", "Orange")


def test_two_kinds_in_one_call_are_refused():
    with pytest.raises(ValueError, match="one kind"):
        labels.register({Fruit.ORANGE: ("An orange", "none"), Colour.BLUE: ("Blue", "none")})


def test_a_tone_that_is_none_is_refused():
    with pytest.raises(ValueError, match="is not a tone"):
        labels.register({Fruit.ORANGE: ("An orange", "loud")})
