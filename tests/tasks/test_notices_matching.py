"""Who learns of proposals: nobody of weak ones, both sides of others, and whoever was told when one is taken back."""

import pytest

from marketplace.matching.actions import propose_matches
from marketplace.matching.by_hand import add_match
from marketplace.matching.models import Match
from marketplace.notices.models import Notice
from tests.marketplace.matching.factories import member, need, outcome, pair

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


@pytest.fixture
def sides():
    asked, offered = need(), outcome()
    return asked, offered, member(asked.organisation), member(offered.owner)


def test_of_a_weak_proposal_nobody_is_told_and_nobody_gets_mail(commit, mailoutbox, sides):
    asked, offered, _buyer, _seller = sides

    commit(lambda: propose_matches(asked, [pair(asked, offered, 0.35)]))

    assert Match.objects.get().strength == "weak"
    assert not Notice.objects.exists()
    assert mailoutbox == []


def test_a_proposal_that_becomes_stronger_is_told_once(commit, mailoutbox, sides):
    asked, offered, buyer, seller = sides

    for score in (0.35, 0.45, 0.35, 0.66):
        commit(lambda score=score: propose_matches(asked, [pair(asked, offered, score)]))

    assert told("match.proposed") == {buyer.pk, seller.pk}
    assert Notice.objects.filter(kind="match.proposed").count() == 2
    assert len(mailoutbox) == 2


def test_those_who_were_told_learn_in_the_site_that_a_proposal_is_taken_back(commit, mailoutbox, sides):
    asked, offered, buyer, seller = sides
    commit(lambda: propose_matches(asked, [pair(asked, offered)]))
    newcomer = member(offered.owner)
    mails = len(mailoutbox)

    commit(lambda: propose_matches(asked, []))

    assert Match.objects.get().withdrawn_why == "not_near"
    assert told("match.withdrawn") == {buyer.pk, seller.pk}
    assert newcomer.pk not in told("match.withdrawn")
    assert len(mailoutbox) == mails


def test_a_weak_proposal_is_taken_back_without_a_word(commit, sides):
    asked, offered, _buyer, _seller = sides
    commit(lambda: propose_matches(asked, [pair(asked, offered, 0.35)]))

    commit(lambda: propose_matches(asked, []))

    assert not Notice.objects.exists()


def test_a_match_added_by_hand_is_told_to_both_sides_but_its_author(commit, sides, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"
    asked, offered, buyer, seller = sides

    commit(lambda: add_match(asked, offered, by=buyer, organisation=asked.organisation, reason="展会上谈过"))

    assert told("match.added") == {seller.pk}
    assert told("match.proposed") == set()
