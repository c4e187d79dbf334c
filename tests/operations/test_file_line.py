"""Who gets a place for a large file, and who is asked to come again."""

from operations.file_line import FILES, LONGEST, MOST_OF_ONE, MOST_WAITING, PATIENCE, FileLine


def test_one_session_has_its_share_and_others_are_let_past():
    line = FileLine()
    for number in range(MOST_OF_ONE + 2):
        assert line.enter(("greedy", number), b"greedy", 0.0)
    assert line.enter("calm", b"calm", 0.0)
    assert line.next_ones() == [*(("greedy", n) for n in range(MOST_OF_ONE)), "calm"]
    line.leave(("greedy", 0))
    assert line.next_ones() == [("greedy", MOST_OF_ONE)], "its next one, and no more of it"


def test_there_are_so_many_places():
    line = FileLine()
    for number in range(FILES + 1):
        line.enter(number, b"%d" % number, 0.0)
    assert line.next_ones() == list(range(FILES))
    assert line.next_ones() == []
    line.leave(3)
    assert line.next_ones() == [FILES]


def test_a_line_that_is_too_long_takes_nobody():
    line = FileLine()
    assert all(line.enter(("greedy", n), b"greedy", 0.0) for n in range(MOST_WAITING))
    assert not line.enter("one more", b"greedy", 0.0)
    assert all(line.enter(n, b"%d" % n, 0.0) for n in range(LONGEST - MOST_WAITING))
    assert not line.enter("somebody", b"somebody", 0.0)


def test_nobody_waits_for_ever():
    line = FileLine()
    line.enter("first", b"a", 0.0)
    line.enter("second", b"b", 1.0)
    assert line.too_late(PATIENCE + 0.5) == ["first"]
    assert line.next_ones() == ["second"]
    assert line.too_late(PATIENCE * 9) == []
