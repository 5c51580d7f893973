"""Limits count from the first time, for each one apart, and begin anew after their time."""

import time

from marketplace.core.limits import Limit

TWICE = Limit("twice", most=2, seconds=60)


def test_counts_what_is_left_for_each_one_apart():
    counted = [TWICE.count("one").times for _time in range(3)]

    assert counted == [1, 0, -1]
    assert (TWICE.left("one").times, TWICE.left("other").times) == (-1, 2)
    assert Limit("again", most=2, seconds=60).left("one").times == 2


def test_says_what_is_left_and_how_long_to_wait():
    left = [TWICE.count("one") for _time in range(3)][-1]

    assert left.headers == {"RateLimit-Policy": '"twice";q=2;w=60', "RateLimit": f'"twice";r=0;t={left.seconds}'}
    assert left.headers_to_wait["Retry-After"] == str(left.seconds)
    assert 58 <= left.seconds <= 60


def test_begins_anew_after_its_time():
    short = Limit("short", most=1, seconds=1)
    counted = [short.count("one").times for _time in range(2)]

    time.sleep(1.1)

    assert counted == [0, -1]
    assert short.left("one").times == 1
    assert short.count("one").times == 0
