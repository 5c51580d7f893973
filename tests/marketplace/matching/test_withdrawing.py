"""An acceptance taken back: told as that and not as a decline, against an old page, and put back in one step."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.indicators import acceptance
from marketplace.matching.actions import AnsweredAlready, accept_match, decline_match
from marketplace.matching.by_hand import TakenBackBefore, add_match
from marketplace.matching.models import Match
from marketplace.matching.offering import OfferAnswered, correct_offer, offer_to_need
from marketplace.matching.proposing import propose_matches
from marketplace.matching.reconsidering import NotAcceptedAgain, reconsider_match
from marketplace.matching.withdrawing import AcceptedMeanwhile, withdraw_acceptance
from tests.factories.people import sign_in
from tests.marketplace.matching.factories import agreed, member, need, outcome, pair, person, proposed

pytestmark = pytest.mark.django_db


def as_side(match, side):
    organisation = match.organisation_of(side)
    return {"by": member(organisation), "organisation": organisation}


def offered(reason="合适，电话 13800000000"):
    asked, found = need(), outcome()
    return offer_to_need(asked, found, by=member(found.owner), organisation=found.owner, reason=reason)


def withdrawn(match, side="outcome", note=""):
    withdraw_acceptance(match, **as_side(match, side), seen=match.state, note=note)
    return match


def client_of(user):
    return sign_in(Client(), user)


def page(match, side):
    return client_of(member(match.organisation_of(side))).get(match.get_absolute_url()).content.decode()


def kinds():
    return list(Entry.objects.filter(kind__startswith="match.").order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(("side", "words"), [("need", "需求方已撤回"), ("outcome", "供方已撤回")])
def test_it_is_told_as_taken_back_on_page_and_list_of_both_sides(side, words):
    match = withdrawn(agreed(), side, "误操作")

    for reader in ("need", "outcome"):
        client = client_of(member(match.organisation_of(reader)))
        listed = client.get(reverse("match-list") + "?show=past").content.decode()
        for shown in (page(match, reader), listed):
            main = shown.partition("<main")[2]
            assert words in main
            assert "误操作" in main
            assert "不合适" not in main.replace("不合适与已撤回", "")


def test_an_offer_taken_back_stays_an_offer_and_the_offer_list_says_who_withdrew():
    match = withdrawn(offered())

    user = member(match.outcome.owner)
    listed = client_of(user).get(reverse("need-offer", args=[match.need.code])).content.decode()

    assert "供方提供" in page(match, "need")
    assert "人工添加" not in page(match, "need")
    assert "向需求提供成果" in page(match, "need")
    assert "本单位已撤回" in listed
    assert f"/offer/{match.outcome.number}/" in listed


def test_an_acceptance_is_not_declined_and_a_decline_not_taken_back_so():
    match = offered()

    with pytest.raises(AnsweredAlready):
        decline_match(match, **as_side(match, "outcome"), reason="price")
    with pytest.raises(WrongState):
        withdraw_acceptance(match, **as_side(match, "need"), seen="proposed")

    assert kinds() == ["match.added", "match.accepted"]


def test_an_old_page_does_not_end_what_both_have_accepted_meanwhile():
    match = offered()
    accept_match(match, **as_side(match, "need"))
    client = client_of(member(match.outcome.owner))
    address = reverse("match-withdraw", args=[match.code])

    stale = client.post(address, {"seen": "proposed", "note": "另有合作"})

    match.refresh_from_db()
    assert match.state == "agreed"
    html = stale.content.decode()
    assert "对方已于" in html
    assert "另有合作" in html
    assert 'name="seen" value="agreed"' in html
    client.post(address, {"seen": "agreed", "note": "另有合作"})
    match.refresh_from_db()
    assert (match.state, match.withdrawn_note) == ("withdrawn", "另有合作")


def test_without_the_state_it_was_read_in_an_agreed_match_does_not_end():
    match = agreed()

    with pytest.raises(AcceptedMeanwhile):
        withdraw_acceptance(match, **as_side(match, "need"), seen="")


@pytest.mark.parametrize("verb", ["accept", "decline", "withdraw"])
def test_a_button_pressed_twice_is_done_once_and_no_error(verb):
    match = agreed() if verb == "withdraw" else proposed()
    before, client = len(kinds()), client_of(member(match.outcome.owner))
    sent = {"reason": "price", "seen": "agreed"}

    pages = [client.post(reverse(f"match-{verb}", args=[match.code]), sent, follow=True) for _ in range(2)]

    said = [[message.level_tag for message in each.context["messages"]] for each in pages]
    assert said == [["success"], ["success"]]
    assert {each.redirect_chain[-1][0] for each in pages} == {match.get_absolute_url()}
    assert len(kinds()) == before + 1


def test_the_same_offer_sent_twice_is_one():
    match = offered("合适")
    before = kinds()

    user = match.outcome_answered_by
    again = offer_to_need(match.need, match.outcome, by=user, organisation=match.outcome.owner, reason=" 合适 ")

    assert (again.pk, kinds()) == (match.pk, before)


@pytest.mark.parametrize("both", [False, True])
def test_accepting_again_restores_it_in_one_step(both):
    match = agreed() if both else offered()
    withdrawn(match)

    reconsider_match(match, **as_side(match, "outcome"))

    match.refresh_from_db()
    assert (match.state, match.outcome_answer) == ("agreed" if both else "proposed", "accepted")
    assert match.need_answer == ("accepted" if both else "waiting")
    assert "match.reconsidered" not in kinds()


def test_it_is_offered_again_with_a_new_reason_in_one_step():
    match = withdrawn(offered())
    client = client_of(member(match.outcome.owner))
    address = reverse("need-offer-outcome", args=[match.need.code, match.outcome.number])

    form = client.get(address)
    client.post(address, {"reason": "换一个理由"})

    match.refresh_from_db()
    assert address in page(withdrawn(match), "outcome")
    assert form.status_code == 200
    assert (match.added_reason, match.added_as) == ("换一个理由", "outcome")
    assert kinds().count("match.added") == 1


def test_what_its_own_side_added_without_accepting_is_offered_by_it():
    asked, found = need(), outcome()
    add_match(asked, found, by=member(found.owner), organisation=found.owner, reason="先加上")

    match = offer_to_need(asked, found, by=member(found.owner), organisation=found.owner, reason="再提供")

    assert (match.outcome_answer, match.added_reason) == ("accepted", "再提供")


def test_nobody_else_puts_back_what_a_side_took_back():
    match = withdrawn(agreed(), "need")
    owner = match.outcome.owner

    propose_matches(match.need, [pair(match.need, match.outcome)])
    with pytest.raises(TakenBackBefore):
        offer_to_need(match.need, match.outcome, by=member(owner), organisation=owner, reason="再试试")
    with pytest.raises(TakenBackBefore):
        add_match(match.need, match.outcome, by=person("officer"), organisation=None, reason="走访")

    match.refresh_from_db()
    assert (match.state, match.need_answer, match.outcome_answer) == ("withdrawn", "withdrawn", "accepted")


def test_a_changed_text_brings_it_back_by_search():
    match = withdrawn(agreed(), "need", "算了")
    type(match.need).objects.filter(pk=match.need_id).update(problem="改写过的难题。")
    match.need.refresh_from_db()
    with pytest.raises(NotAcceptedAgain):
        reconsider_match(match, **as_side(match, "need"))

    propose_matches(match.need, [pair(match.need, match.outcome)])

    match.refresh_from_db()
    assert (match.state, match.need_answer, match.outcome_answer) == ("proposed", "waiting", "waiting")
    assert (match.withdrawn_why, match.withdrawn_note) == ("", "")


def test_a_reason_is_corrected_until_the_enterprise_answers_and_the_journal_keeps_no_words():
    match = offered()
    client, address = client_of(member(match.outcome.owner)), reverse("match-correct", args=[match.code])
    before = page(match, "outcome")

    empty = client.post(address, {"reason": " "})
    client.post(address, {"reason": "待机电流 18 µA"})

    match.refresh_from_db()
    assert address in before
    assert empty.status_code == 200
    assert "reason" in empty.context["offer_form"].errors
    assert match.added_reason == "待机电流 18 µA"
    assert Entry.objects.get(kind="match.reason_corrected").data == {}
    accept_match(match, **as_side(match, "need"))
    with pytest.raises(OfferAnswered):
        correct_offer(match, **as_side(match, "outcome"), reason="又改")
    assert address not in page(match, "outcome")


def test_the_history_tells_both_sides_and_officers_who_did_what_and_hides_an_anonymous_enterprise():
    match = agreed(need=need(is_anonymous=True))
    name = match.need.organisation.name
    withdrawn(match, "need")

    told = {
        who: client_of(user).get(match.get_absolute_url()).content.decode().partition('class="timeline"')[2]
        for who, user in {
            "need": member(match.need.organisation),
            "outcome": member(match.outcome.owner),
            "officer": person("officer"),
        }.items()
    }

    for shown in told.values():
        assert shown.index("撤回对接的接受") < shown.index("双方接受对接") < shown.index("推荐")
    assert name in told["need"]
    assert name in told["officer"]
    assert name not in told["outcome"]
    assert match.need_answered_by.name in told["officer"]
    assert match.need_answered_by.name not in told["outcome"]


def test_an_offer_is_called_one_and_says_that_it_is_being_compared_until_it_is():
    match = offered()
    before = page(match, "need")

    propose_matches(match.need, [])

    match.refresh_from_db()
    after = page(match, "need")
    assert "计算中" in before
    assert "正在比对" in before
    assert "计算中" not in after
    assert "没有发现共同点" in after
    for shown in (before, after):
        heading = shown.partition('<header class="stack gap-2">')[2].partition("</header>")[0]
        assert "供方提供" in heading
        assert "已推荐" not in heading
        assert "根据双方公开文本计算。您的答复" not in shown


def test_of_an_anonymous_need_the_fields_the_other_side_reads_ask_for_no_names():
    match = proposed(need=need(is_anonymous=True))
    plain = proposed()

    own, other = page(match, "need"), page(match, "outcome")
    added = client_of(person("officer")).get(reverse("need-matches", args=[match.need.code])).content.decode()

    assert own.count("请勿写出企业名称") == 2  # beside a pin and a remark
    assert "请勿写出企业名称" in added
    assert "请勿写出企业名称" not in other
    assert "请勿写出企业名称" not in page(plain, "need")


def test_what_is_taken_back_is_no_judgement_of_the_pair():
    withdrawn(agreed())

    assert acceptance.answered() == []


def test_the_database_knows_whose_acceptance_was_taken_back():
    match = withdrawn(agreed())

    for facts in ({"outcome_answer": "accepted"}, {"withdrawn_why": "by_need"}, {"state": "proposed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Match.objects.filter(pk=match.pk).update(**facts)


@pytest.mark.django_db(transaction=True)
def test_taking_back_meets_the_acceptance_of_the_other_side():
    match = offered()
    mine, theirs = as_side(match, "outcome"), as_side(match, "need")
    barrier, raised = Barrier(2), {}

    def run(name, call):
        try:
            barrier.wait(timeout=10)
            call(Match.objects.get(pk=match.pk))
        except (AcceptedMeanwhile, WrongState) as refusal:
            raised[name] = type(refusal)
        finally:
            connection.close()

    calls = {
        "withdraw": lambda found: withdraw_acceptance(found, **mine, seen="proposed"),
        "accept": lambda found: accept_match(found, **theirs),
    }
    threads = [Thread(target=run, args=item) for item in calls.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    match.refresh_from_db()
    assert (match.state, raised) in [
        ("agreed", {"withdraw": AcceptedMeanwhile}),
        ("withdrawn", {"accept": WrongState}),
    ]


def test_withdrawing_an_outcome_says_how_many_matches_go_and_what_stays():
    match = offered()
    found, publisher = match.outcome, member(match.outcome.owner)
    proposed(outcome=found)
    agreed(outcome=found)

    def said(one):
        return client_of(publisher).get(one.get_absolute_url()).content.decode()

    assert "尚未经双方接受的 2 项对接会立即撤回" in said(found)
    assert "双方已接受的对接不受影响" in said(found)
    assert "立即撤回" not in said(outcome(of=found.owner))
