from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.core import journal
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from tasks import delivery
from tasks.models import MOST_ATTEMPTS, Delivery, pause_after


def lengthen_phone(each: Delivery) -> None:
    """A consequence whose effect can be counted."""
    user = User.objects.get(pk=each.entry.subject_id)
    user.phone += "1"
    user.save(update_fields=["phone"])


def lengthen_phone_and_fail(each: Delivery) -> None:
    lengthen_phone(each)
    raise ValueError("after the effect")


@pytest.fixture
def user(db):
    return User.objects.create_user("wang", "wang@example.com")


@pytest.fixture
def entry(user):
    return journal.record(Kind.USER_SIGNED_UP, user, by=user)


@pytest.fixture
def follows(monkeypatch):
    """Let these consequences follow from a sign-up, and nothing else from anything."""

    def follow(*consequences):
        monkeypatch.setattr(delivery, "CONSEQUENCES", {Kind.USER_SIGNED_UP: list(consequences)})

    return follow


def test_plans_each_consequence_once(entry, follows):
    follows(lengthen_phone, lengthen_phone_and_fail)

    delivery.plan(entry.pk)
    delivery.plan(entry.pk)

    assert [each.consequence.rsplit(".", 1)[1] for each in Delivery.objects.all()] == [
        "lengthen_phone",
        "lengthen_phone_and_fail",
    ]


def test_effect_and_mark_are_one(entry, user, follows):
    follows(lengthen_phone)
    (planned,) = delivery.plan(entry.pk)

    delivery.attempt(planned.pk)
    delivery.attempt(planned.pk)

    planned.refresh_from_db()
    user.refresh_from_db()
    assert user.phone == "1"
    assert planned.done_at is not None
    assert planned.attempts == 1


def test_a_failure_leaves_no_effect_and_is_told(entry, user, follows):
    follows(lengthen_phone_and_fail)
    (planned,) = delivery.plan(entry.pk)

    delivery.attempt(planned.pk)

    planned.refresh_from_db()
    user.refresh_from_db()
    assert user.phone == ""
    assert (planned.done_at, planned.attempts) == (None, 1)
    assert planned.error == "ValueError: after the effect"
    assert planned.due_at > timezone.now() + timedelta(seconds=50)


def test_a_consequence_no_longer_in_the_table_is_told(entry, follows):
    follows(lengthen_phone)
    (planned,) = delivery.plan(entry.pk)
    follows()

    delivery.attempt(planned.pk)

    planned.refresh_from_db()
    assert planned.done_at is None
    assert "lengthen_phone" in planned.error


def test_staff_see_it_after_ten_attempts_and_may_start_it_again(entry, follows):
    follows(lengthen_phone_and_fail)
    (planned,) = delivery.plan(entry.pk)
    for _ in range(MOST_ATTEMPTS):
        delivery.attempt(planned.pk)
    later = timezone.now() + timedelta(days=1)

    assert list(Delivery.objects.stuck()) == [planned]
    assert list(Delivery.objects.due(later)) == []

    delivery.try_again(planned)

    assert list(Delivery.objects.stuck()) == []
    assert list(Delivery.objects.due(later)) == [planned]


def test_pauses_grow_to_six_hours():
    minutes = [pause_after(attempts).total_seconds() / 60 for attempts in (1, 2, 3, 9, 10, 200)]

    assert minutes == [1, 2, 4, 256, 360, 360]


def test_the_sweep_finds_an_entry_whose_announcement_was_lost(entry, follows):
    follows(lengthen_phone)

    assert delivery._unplanned() == [entry.pk]

    delivery.plan(entry.pk)

    assert delivery._unplanned() == []


def test_the_sweep_looks_again_at_what_was_recorded_within_the_hour(entry, user, follows):
    follows()
    delivery._unplanned()
    follows(lengthen_phone)

    assert delivery._unplanned() == [entry.pk]


def test_a_worker_hears_only_of_what_has_consequences(follows, monkeypatch):
    heard = []
    monkeypatch.setattr(delivery.deliver, "delay", heard.append)
    follows(lengthen_phone)

    delivery.announce(Entry, entry_id=7, kind=Kind.USER_SIGNED_UP)
    delivery.announce(Entry, entry_id=8, kind=Kind.NOTICE_MAILED)

    assert heard == [7]


@pytest.mark.django_db(transaction=True)
def test_at_once_carries_out_here_when_the_fact_commits(follows):
    follows(lengthen_phone)
    user = User.objects.create_user("wang", "wang@example.com")

    with delivery.at_once():
        journal.record(Kind.USER_SIGNED_UP, user, by=user)

    user.refresh_from_db()
    assert user.phone == "1"
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_at_once_leaves_those_it_is_told_to_until_their_work_is_noted_as_done(follows):
    follows(lengthen_phone, lengthen_phone_and_fail)
    user = User.objects.create_user("wang", "wang@example.com")
    kept = delivery.name_of(lengthen_phone_and_fail)

    with delivery.at_once(but=(kept,)):
        journal.record(Kind.USER_SIGNED_UP, user, by=user)

    left = Delivery.objects.filter(done_at=None)
    assert [(each.consequence, each.attempts, each.error) for each in left] == [(kept, 0, "")]
    assert delivery.note_done() == 0
    assert delivery.note_done(kept) == 1
    assert not left.all()
    user.refresh_from_db()
    assert user.phone == "1", "noting does not carry out"
