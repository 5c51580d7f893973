"""Who learns of proposals: nobody of weak ones, both sides of others, and whoever was told when one is taken back."""

import pytest

from marketplace.matching.actions import accept_match, decline_match
from marketplace.matching.by_hand import add_match, take_back_match
from marketplace.matching.models import Match
from marketplace.matching.offering import offer_to_need
from marketplace.matching.proposing import propose_matches
from marketplace.matching.reconsidering import reconsider_match
from marketplace.matching.withdrawing import withdraw_acceptance
from marketplace.needs.actions import close_need, solve_need
from marketplace.notices.models import Notice
from tests.marketplace.matching.factories import member, need, outcome, pair, person

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


def agreed(sides, commit):
    asked, offered, buyer, seller = sides
    commit(lambda: propose_matches(asked, [pair(asked, offered)]))
    match = Match.objects.get()
    commit(lambda: accept_match(match, by=buyer, organisation=asked.organisation))
    commit(lambda: accept_match(match, by=seller, organisation=offered.owner))
    return match


def test_when_the_need_is_solved_the_institute_learns_that_what_both_accepted_ends(
    commit, mailoutbox, sides, settings, tmp_path
):
    settings.SEARCH_DIR = tmp_path / "search"
    asked, offered, buyer, seller = sides
    newcomer = member(offered.owner)
    match = agreed(sides, commit)
    mails = len(mailoutbox)

    commit(lambda: solve_need(asked, by=buyer))

    match.refresh_from_db()
    assert (match.state, match.withdrawn_why) == ("withdrawn", "solved")
    assert told("match.ended") == {seller.pk, newcomer.pk}
    assert seller.pk not in told("match.withdrawn")
    assert len(mailoutbox) == mails + 2


@pytest.mark.parametrize("both", [False, True])
def test_of_a_withdrawn_acceptance_the_other_side_is_told(commit, sides, both):
    asked, offered, buyer, seller = sides
    commit(lambda: propose_matches(asked, [pair(asked, offered)]))
    match = Match.objects.get()
    commit(lambda: accept_match(match, by=buyer, organisation=asked.organisation))
    if both:
        commit(lambda: accept_match(match, by=seller, organisation=offered.owner))

    seen = "agreed" if both else "proposed"
    commit(lambda: withdraw_acceptance(match, by=buyer, organisation=asked.organisation, seen=seen))

    assert told("match.acceptance_withdrawn") == {seller.pk}
    assert told("match.declined") == set()


def test_of_a_plain_decline_and_its_taking_back_only_who_accepted_is_told(commit, sides):
    asked, offered, buyer, seller = sides
    commit(lambda: propose_matches(asked, [pair(asked, offered)]))
    match, mine = Match.objects.get(), {"by": buyer, "organisation": asked.organisation}

    commit(lambda: decline_match(match, reason="price", **mine))
    commit(lambda: reconsider_match(match, **mine))
    silent = told("match.declined") | told("match.reconsidered")
    commit(lambda: accept_match(match, by=seller, organisation=offered.owner))
    commit(lambda: decline_match(match, reason="price", **mine))
    commit(lambda: reconsider_match(match, **mine))

    assert silent == set()
    assert told("match.declined") == told("match.reconsidered") == {seller.pk}


def test_what_an_officer_added_and_takes_back_is_told_to_both_sides(commit, sides, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"
    asked, offered, buyer, seller = sides
    officer = person("officer")
    commit(lambda: add_match(asked, offered, by=officer, organisation=None, reason="走访时谈到"))

    commit(lambda: take_back_match(Match.objects.get(), by=officer, organisation=None))

    assert told("match.withdrawn") == {buyer.pk, seller.pk}


def test_the_enterprise_is_told_that_a_liaison_closed_its_need_and_not_of_its_own_closing(
    commit, sides, settings, tmp_path
):
    settings.SEARCH_DIR = tmp_path / "search"
    asked, _offered, buyer, _seller = sides
    own = need(of=asked.organisation)

    commit(lambda: close_need(own, by=buyer, reason="不需要了"))
    before = told("need.closed_by_liaison")
    commit(lambda: close_need(asked, by=person("liaison"), reason="企业已停产"))

    assert before == set()
    assert told("need.closed_by_liaison") == {buyer.pk}
    assert Notice.objects.get(kind="need.closed_by_liaison").path == asked.get_absolute_url()


def test_the_enterprise_is_told_that_its_need_was_taken_offline(commit, sides, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"
    asked, _offered, buyer, _seller = sides

    commit(lambda: asked.unpublish(user=person("officer"), reason="内容不实"))

    assert told("need.unpublished") == {buyer.pk}


@pytest.mark.parametrize("score", [None, 0.35, 0.66])
def test_of_an_offer_the_enterprise_is_told_once_with_who_what_and_why(
    commit, mailoutbox, sides, settings, tmp_path, score
):
    settings.SEARCH_DIR = tmp_path / "search"
    asked, offered, buyer, seller = sides
    if score is not None:
        commit(lambda: propose_matches(asked, [pair(asked, offered, score)]))
    before, mails = Notice.objects.count(), len(mailoutbox)

    commit(lambda: offer_to_need(asked, offered, by=seller, organisation=offered.owner, reason="已在三家锁企试用"))
    commit(lambda: propose_matches(asked, [pair(asked, offered, 0.66)]))

    assert told("match.offered") == {buyer.pk}
    assert told("match.added") == told("match.accepted") == set()
    assert Notice.objects.count() == before + 1
    [letter] = mailoutbox[mails:]
    assert letter.to == [buyer.email]
    for words in (offered.owner.name, offered.title, offered.number, asked.title, "已在三家锁企试用"):
        assert words in letter.body


def test_of_an_offer_to_an_anonymous_need_no_mail_to_others_is_written(commit, mailoutbox, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"
    asked, offered = need(is_anonymous=True), outcome()
    buyer, seller, colleague = member(asked.organisation), member(offered.owner), member(offered.owner)

    commit(lambda: offer_to_need(asked, offered, by=seller, organisation=offered.owner, reason="合适"))

    assert {letter.to[0] for letter in mailoutbox} == {buyer.email}
    assert colleague.pk not in set(Notice.objects.values_list("user", flat=True))


def test_who_was_told_of_an_offer_learns_that_it_is_over(commit, sides, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"
    asked, offered, buyer, seller = sides
    commit(lambda: offer_to_need(asked, offered, by=seller, organisation=offered.owner, reason="合适"))
    type(offered).objects.filter(pk=offered.pk).update(state="reserved")

    commit(lambda: propose_matches(asked, []))

    assert buyer.pk in told("match.withdrawn")


def offered(sides, commit, **facts):
    asked, found, _buyer, seller = sides
    return commit(lambda: offer_to_need(asked, found, by=seller, organisation=found.owner, reason="合适"))


def test_the_mail_of_a_decline_names_who_declined_and_why(commit, mailoutbox, sides, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"
    asked, _found, buyer, seller = sides
    match, mine = offered(sides, commit), {"by": buyer, "organisation": asked.organisation}
    mails = len(mailoutbox)

    commit(lambda: decline_match(match, reason="price", note="超出今年预算", **mine))

    [letter] = mailoutbox[mails:]
    assert letter.to == [seller.email]
    for words in (
        asked.organisation.name,
        "价格与预算",
        "超出今年预算",
        Notice.objects.latest("pk").get_absolute_url(),
    ):
        assert words in letter.body


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_the_mail_of_a_withdrawn_acceptance_names_who_and_why_and_no_anonymous_enterprise(
    commit, mailoutbox, settings, tmp_path, is_anonymous
):
    settings.SEARCH_DIR = tmp_path / "search"
    asked, found = need(is_anonymous=is_anonymous), outcome()
    buyer, seller = member(asked.organisation), member(found.owner)
    match = agreed((asked, found, buyer, seller), commit)
    mails = len(mailoutbox)

    mine = {"by": buyer, "organisation": asked.organisation, "seen": "agreed"}
    commit(lambda: withdraw_acceptance(match, note="项目已暂停", **mine))

    [letter] = mailoutbox[mails:]
    assert letter.to == [seller.email]
    assert "项目已暂停" in letter.body
    assert ("需求方" if is_anonymous else asked.organisation.name) in letter.body
    assert (asked.organisation.name in letter.body) is not is_anonymous


def test_who_accepts_again_is_told_as_that_and_gets_nothing_to_do(commit, mailoutbox, sides, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"
    _asked, found, buyer, seller = sides
    match, mine = offered(sides, commit), {"by": seller, "organisation": found.owner}
    commit(lambda: withdraw_acceptance(match, seen="proposed", **mine))

    commit(lambda: reconsider_match(match, **mine))

    about = Notice.objects.about(match, "match.offered", "match.acceptance_withdrawn", "match.reconsidered")
    told_in_order = list(about.filter(user=buyer).order_by("pk").values_list("kind", flat=True))
    assert told_in_order == ["match.offered", "match.acceptance_withdrawn", "match.offered"]
    assert list(Match.objects.awaiting(found.owner)) == []


def test_who_is_asked_again_by_a_second_thought_is_told_once(commit, sides):
    asked, found, buyer, seller = sides
    commit(lambda: propose_matches(asked, [pair(asked, found)]))
    match, mine = Match.objects.get(), {"by": buyer, "organisation": asked.organisation}

    for _ in range(2):
        commit(lambda: decline_match(match, reason="price", **mine))
        commit(lambda: reconsider_match(match, **mine))

    assert list(Notice.objects.filter(kind="match.asked_again").values_list("user", flat=True)) == [seller.pk]


def test_what_was_taken_back_before_it_was_compared_is_compared_once_it_is_offered_again(
    commit, sides, settings, tmp_path
):
    settings.SEARCH_DIR = tmp_path / "search"
    asked, found, _buyer, seller = sides
    mine = {"by": seller, "organisation": found.owner}
    match = offer_to_need(asked, found, reason="合适", **mine)
    withdraw_acceptance(match, seen="proposed", **mine)

    commit(lambda: offer_to_need(asked, found, reason="更合适", **mine))

    assert Match.objects.get().is_computed
