"""Saving, changing, deleting, restoring: one's own, each question once, no more than fifty."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.core import clock
from marketplace.core.classifications import TechnicalField
from marketplace.core.journal import Entry
from marketplace.organisations.roles import Role
from search.saved.actions import (
    AlreadySaved,
    NameTaken,
    change_search,
    forget_removed,
    remove_search,
    replace_question,
    restore_search,
    subscribe_again,
    unsubscribe,
)
from search.saved.models import MOST_PER_PERSON, Finding, Rhythm, SavedSearch
from tests.factories.people import person, staff
from tests.search.saved_making import asked_for, fresh, saved_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_field(db):
    """A technical field that searches may ask for: what nobody knows is not saved."""
    TechnicalField.objects.get_or_create(code="03", defaults={"name": "先进制造"})


def test_keeps_words_and_filters_and_leaves_order_and_page_out():
    saved = saved_by(person(), "q=指静脉&field=03&trl=4-6&trl=7-9&sort=newest&page=4")

    assert (saved.text, saved.chosen) == ("指静脉", {"field": ["03"], "trl": ["4-6", "7-9"]})
    assert saved.rhythm == Rhythm.DAILY
    assert list(Entry.objects.about(saved).values_list("kind", flat=True)) == ["search.saved"]


@pytest.mark.parametrize(
    "again", ["q=ABS+锁体&trl=7-9&trl=4-6&field=03", "q=ＡＢＳ++锁体&field=03&trl=4-6&trl=7-9&sort=trl"]
)
def test_refuses_the_same_question_twice_and_names_the_first(again):
    author = person()
    first = saved_by(author, "q=abs+锁体&field=03&trl=4-6&trl=7-9", name="锁体")

    with pytest.raises(AlreadySaved, match="锁体") as refusal:
        saved_by(author, again)

    assert refusal.value.saved == first
    assert saved_by(person(), again).pk  # another person may


def test_other_questions_are_not_the_same():
    author = person()
    for query in ("q=锁体", "q=锁体&field=03", "field=03", "q=锁芯"):
        saved_by(author, query)
    saved_by(author, "q=锁体", kind="need")

    assert SavedSearch.objects.kept().filter(person=author).count() == 5


@pytest.mark.parametrize("kind", ["contract", "page"])
def test_refuses_a_list_of_which_nobody_is_told(kind):
    with pytest.raises(PermissionDenied, match="不能保存"):
        saved_by(person(), "q=锁体", kind=kind)

    assert not SavedSearch.objects.exists()


def test_refuses_an_empty_question_and_the_fifty_first():
    author = person()
    with pytest.raises(PermissionDenied):
        saved_by(author, "sort=newest")
    for number in range(MOST_PER_PERSON):
        saved_by(author, f"q=锁体{number}")

    with pytest.raises(PermissionDenied, match="50"):
        saved_by(author, "q=再一个")


def test_an_auditor_saves_nothing():
    with pytest.raises(PermissionDenied):
        saved_by(staff(Role.AUDITOR))


@pytest.mark.parametrize(
    "act",
    [
        remove_search,
        restore_search,
        lambda saved, by: change_search(saved, by=by, rhythm="none"),
        lambda saved, by: replace_question(saved, by=by, asked=asked_for("q=锁芯")),
    ],
)
def test_nobody_touches_the_search_of_another(act):
    saved = saved_by(person())
    if act is restore_search:
        remove_search(saved, by=saved.person)

    with pytest.raises(PermissionDenied):
        act(saved, by=person())


def test_a_deleted_search_comes_back_unless_the_question_was_saved_again():
    author = person()
    saved = saved_by(author)
    remove_search(saved, by=author)
    assert not SavedSearch.objects.kept().exists()

    restore_search(saved, by=author)
    assert fresh(saved).removed_at is None

    remove_search(saved, by=author)
    saved_by(author)
    with pytest.raises(AlreadySaved):
        restore_search(saved, by=author)


def test_refuses_a_name_that_another_search_of_the_person_bears():
    author = person()
    first, second = saved_by(author, name="Locks"), saved_by(author, "q=锁体", name="锁体")
    remove_search(first, by=author)
    third = saved_by(author, "q=锁芯", name="locks")

    with pytest.raises(NameTaken):
        saved_by(author, "q=锁舌", name="LOCKS")
    with pytest.raises(NameTaken):
        change_search(second, by=author, rhythm="weekly", name="Locks")
    with pytest.raises(NameTaken):
        restore_search(first, by=author)

    change_search(third, by=author, rhythm="weekly", name="LOCKS")  # its own name, written otherwise
    saved_by(person(), name="Locks")
    assert [fresh(one).name for one in (second, third)] == ["锁体", "LOCKS"]
    assert fresh(first).removed_at is not None


def test_leaves_values_out_that_no_facet_knows():
    saved = saved_by(person(), "q=锁体&trl=99&trl=7-9&mode=sold")
    kept = fresh(saved).chosen
    replace_question(saved, by=saved.person, asked=asked_for("q=锁芯&field=03&field=Z9"))

    assert (kept, fresh(saved).chosen) == ({"trl": ["7-9"]}, {"field": ["03"]})
    with pytest.raises(PermissionDenied):
        saved_by(saved.person, "trl=99")


def test_a_search_gets_another_name_and_keeps_the_rest():
    author = person()
    saved = saved_by(author, rhythm="weekly")

    change_search(saved, by=author, rhythm="weekly", name="静脉模组")
    change_search(saved, by=author, rhythm="weekly", name="静脉模组")  # nothing new

    assert (fresh(saved).name, fresh(saved).rhythm, fresh(saved).text) == ("静脉模组", "weekly", "指静脉")
    assert Entry.objects.filter(kind="search.changed").count() == 1


def test_a_search_asks_something_else_under_its_name_and_rhythm():
    author = person()
    saved = saved_by(author, rhythm="weekly")
    told, _untold = (Finding.objects.create(saved=saved, key=key, found_at=saved.created_at) for key in ("A", "B"))
    Finding.objects.filter(pk=told.pk).update(entry=Entry.objects.latest("pk"))

    replace_question(saved, by=author, asked=asked_for("q=锁芯&field=03&sort=trl"))

    now = fresh(saved)
    assert (now.text, now.chosen, now.name, now.rhythm) == ("锁芯", {"field": ["03"]}, "指静脉", "weekly")
    assert now.revision == saved.revision > 1  # workers make their register anew
    assert now.alerts_since > now.created_at
    assert list(now.findings.all()) == [told]  # what was told stays told, what was not is no answer any more
    assert Entry.objects.filter(kind="search.replaced").count() == 1


def test_no_two_searches_ask_the_same_by_replacing():
    author = person()
    saved, other = saved_by(author), saved_by(author, "q=锁芯", name="锁芯")

    with pytest.raises(AlreadySaved, match="锁芯"):
        replace_question(saved, by=author, asked=asked_for("q=锁芯"))
    replace_question(other, by=author, asked=asked_for("q=锁芯"))  # itself: nothing to do
    with pytest.raises(PermissionDenied):
        replace_question(saved, by=author, asked=asked_for(""))

    assert fresh(saved).text == "指静脉"
    assert not Entry.objects.filter(kind="search.replaced").exists()


def test_a_deleted_search_is_not_changed_and_goes_for_good_after_a_day():
    author = person()
    saved = saved_by(author)
    remove_search(saved, by=author)
    with pytest.raises(PermissionDenied):
        change_search(saved, by=author, rhythm="weekly")
    assert forget_removed() == 0

    with clock.moved_to(clock.now() + timedelta(hours=25)):
        assert forget_removed() == 1
    assert not SavedSearch.objects.exists()


def test_alerts_end_and_begin_again_with_their_rhythm_however_often_one_asks():
    saved = saved_by(person(), rhythm="weekly")

    for _twice in range(2):
        unsubscribe([saved])
        assert fresh(saved).rhythm == Rhythm.NONE
    for _twice in range(2):
        subscribe_again([saved])
        assert fresh(saved).rhythm == Rhythm.WEEKLY

    kinds = list(Entry.objects.about(saved).order_by("pk").values_list("kind", "actor"))
    assert kinds[1:] == [("search.unsubscribed", None), ("search.subscribed_again", None)]


def test_who_chose_no_alerts_is_not_subscribed_by_a_link():
    saved = saved_by(person())
    change_search(saved, by=saved.person, rhythm="none")

    subscribe_again([saved])

    assert fresh(saved).rhythm == Rhythm.NONE


def test_a_question_reads_its_address_once_more():
    assert asked_for("q=锁体&nonsense=1").chosen == {}
