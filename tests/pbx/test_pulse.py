"""When a ping would only wait behind an action, and when it must go out all the same."""

from __future__ import annotations

from pbxctl.pbx.asterisk.pulse import Unanswered


def test_with_nothing_under_way_there_is_nothing_to_wait_for() -> None:
    unanswered = Unanswered()
    unanswered.answered(unanswered.sent(60))
    assert not unanswered.patient(1)


def test_a_long_action_is_waited_for_until_its_own_limit() -> None:
    unanswered = Unanswered()
    unanswered.sent(60)
    assert unanswered.patient(59)
    assert not unanswered.patient(60)


def test_one_that_was_given_up_hides_behind_no_other() -> None:
    unanswered = Unanswered()
    for second in range(0, 30, 2):
        unanswered.sent(second + 3)
    assert not unanswered.patient(29)


def test_a_later_answer_shows_that_the_pbx_is_done_with_what_came_before() -> None:
    unanswered = Unanswered()
    unanswered.sent(3)
    later = unanswered.sent(50)
    unanswered.sent(51)
    assert not unanswered.patient(4)
    unanswered.answered(later)
    assert unanswered.patient(4)


def test_answers_may_be_noticed_in_any_order() -> None:
    unanswered = Unanswered()
    first, second = unanswered.sent(50), unanswered.sent(50)
    unanswered.sent(50)
    unanswered.answered(second)
    unanswered.answered(first)
    assert unanswered.patient(4)


def test_what_was_not_sent_is_not_waited_for() -> None:
    unanswered = Unanswered()
    unanswered.withdrawn(unanswered.sent(60))
    assert not unanswered.patient(1)
