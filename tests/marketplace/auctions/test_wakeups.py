"""The word that a lot has moved: the first at once, what follows within a pause together at its end."""

import time

import pytest
import redis

from marketplace.auctions import wakeups


class Heard:
    """What was published, and when."""

    def __init__(self):
        self.words = []

    def publish(self, channel, number):
        assert channel == wakeups.CHANNEL
        self.words.append((number, time.monotonic()))

    def of(self, number):
        return [at for told, at in self.words if told == number]


@pytest.fixture
def heard(monkeypatch):
    listening = Heard()
    monkeypatch.setattr(wakeups, "connection_for_marks", lambda: listening)
    monkeypatch.setattr(wakeups, "_told", {})
    return listening


def until(is_so):
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.002)


def test_the_first_word_is_told_at_once(heard):
    wakeups.wake("L1")

    assert len(heard.of("L1")) == 1


def test_what_follows_is_told_together_and_nothing_is_left_untold(heard, monkeypatch):
    monkeypatch.setattr(wakeups, "PAUSE", 0.2)

    for _ in range(50):
        wakeups.wake("L1")
    last = time.monotonic()
    until(lambda: len(heard.of("L1")) == 2)

    first, second = heard.of("L1")
    assert first < last < second
    assert second - first >= 0.2


def test_a_bid_during_the_pause_after_that_is_told_after_it_again(heard, monkeypatch):
    monkeypatch.setattr(wakeups, "PAUSE", 0.1)

    for _ in range(3):
        wakeups.wake("L1")
        wakeups.wake("L1")
        last = time.monotonic()
        until(lambda: heard.of("L1")[-1] > last)  # noqa: B023  # asked within the turn

    assert len(heard.of("L1")) == 4


def test_another_lot_does_not_wait(heard):
    wakeups.wake("L1")
    wakeups.wake("L2")

    assert (len(heard.of("L1")), len(heard.of("L2"))) == (1, 1)


def test_a_word_that_was_to_come_and_never_did_holds_nothing_up(heard):
    """As in a process that was forked off within a pause: the thread that was to tell is not there."""
    wakeups._told["L1"] = time.monotonic() - 2 * wakeups.PAUSE, True

    wakeups.wake("L1")

    assert len(heard.of("L1")) == 1


def test_without_a_thread_the_word_is_told_at_once(heard, monkeypatch):
    def start(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(wakeups.threading.Timer, "start", start)
    wakeups.wake("L1")
    wakeups.wake("L1")

    assert len(heard.of("L1")) == 2


def test_without_redis_nobody_is_refused(monkeypatch):
    class Away:
        def publish(self, channel, number):
            raise redis.ConnectionError()

    monkeypatch.setattr(wakeups, "connection_for_marks", Away)
    monkeypatch.setattr(wakeups, "_told", {})

    wakeups.wake("L1")
