"""Pages of matches: reasons, anonymity, answers, what strangers get."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from marketplace.core.classifications import TechnicalField
from marketplace.deals.opening import open_deal_from_match
from marketplace.matching.actions import accept_match
from marketplace.matching.models import Match
from marketplace.matching.proposing import propose_matches
from marketplace.matching.reasons import reasons_of, sentence_of
from marketplace.matching.scored import Feature, Part
from marketplace.needs.actions import disclose_need
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes.models import ResearchOutcome
from tests.factories.people import join, sign_in
from tests.marketplace.matching.factories import (
    WAN,
    agreed,
    enterprise,
    member,
    need,
    outcome,
    pair,
    person,
    proposed,
)

pytestmark = pytest.mark.django_db


def client_of(user):
    return sign_in(Client(), user)


def get(user, name, *args):
    return client_of(user).get(reverse(name, args=args))


def test_the_reason_is_a_sentence_in_the_readers_language(settings):
    match = proposed()

    assert sentence_of(match) == (
        "共同技术点：静态电流、智能锁；技术领域：先进制造；成熟度：TRL 7 ≥ 6；"
        "不符：预算低于报价：预算 50–80 万元，报价 90–180 万元"
    )
    told = {reason.feature: reason for reason in reasons_of(match)}
    assert told["预算与价格"].sentence == "预算低于报价：预算 50–80 万元，报价 90–180 万元。"
    assert (told["预算与价格"].strength, told["预算与价格"].is_against) == ("不符", True)
    assert (told["成熟度"].strength, told["成熟度"].is_against) == ("符合", False)
    assert (told["共同技术点"].strength, told["共同技术点"].weak) == ("强", False)
    assert "行业" not in told


SAID = [
    (Part(Feature.TRL, None, 0.04), None),
    (Part(Feature.TRL, 0.55, 0.04, {"offered": 5, "wanted": 6}), ("部分符合", "TRL 5 < 6", False)),
    (Part(Feature.TRL, 0.05, 0.04, {"offered": 3, "wanted": 6}), ("不符", "TRL 3 < 6", True)),
    (
        Part(Feature.BUDGET, 1.0, 0.03, {"budget": [None, 80 * WAN], "price": [30 * WAN, None], "how": "meet"}),
        ("符合", "预算与报价相合：预算 不超过 80 万元，报价 30 万元 起。", False),
    ),
    (
        Part(Feature.BUDGET, 0.6, 0.03, {"budget": [50 * WAN, 80 * WAN], "price": [70 * WAN, 99 * WAN], "how": "meet"}),
        ("部分符合", "预算与报价只有部分重叠：预算 50–80 万元，报价 70–99 万元。", False),
    ),
    (
        Part(Feature.BUDGET, 0.6, 0.03, {"budget": [50 * WAN, 80 * WAN], "price": [9 * WAN, 9 * WAN], "how": "below"}),
        ("部分符合", "报价低于预算：预算 50–80 万元，报价 9 万元。", False),
    ),
    (
        Part(Feature.MODE, 0.5, 0.02, {"asked": "commissioned", "offered": ["development"]}),
        ("部分符合", "需求：委托开发；成果：合作开发。", False),
    ),
    (
        Part(Feature.MODE, 1.0, 0.02, {"asked": "joint", "offered": ["development"]}),
        ("符合", "双方都是合作开发。", False),
    ),
    (
        Part(Feature.MODE, 0.0, 0.02, {"asked": "commissioned", "offered": ["assignment"]}),
        ("不符", "需求：委托开发；成果：转让。", True),
    ),
    (Part(Feature.FIELD, 0.0, 0.12, {"apart": ["TEST", "OTHER"]}), ("弱", "需求属于先进制造，成果属于新材料。", True)),
    (Part(Feature.REGION, 0.3, 0.03, {"same": False, "city": False}), ("弱", "双方不在同一城市。", True)),
    (Part(Feature.TEXT, 0.1, 0.45), ("弱", "静态电流、智能锁", False)),
]


@pytest.mark.parametrize(("part", "said"), SAID)
def test_a_feature_says_its_own_truth_or_nothing(part, said):
    TechnicalField.objects.create(code="OTHER", name="新材料")
    asked, offered = need(), outcome()
    [match] = propose_matches(asked, [pair(asked, offered, parts=(part,))])

    told = [(reason.strength, reason.sentence, reason.is_against) for reason in reasons_of(match)]

    assert told == ([] if said is None else [said])


def test_what_was_stored_before_features_told_the_truth_is_not_shown():
    match = proposed()
    match.parts = [
        {"feature": "trl", "value": 1.0, "weight": 0.04, "facts": {"offered": 7, "needed": 4}},
        {"feature": "mode", "value": 1.0, "weight": 0.02, "facts": {"modes": ["development"]}},
        {"feature": "budget", "value": 0.75, "weight": 0.03, "facts": {"budget": [1, 2], "price": [3, 4]}},
        {"feature": "industry", "value": 0.5, "weight": 0.06, "facts": {}},
    ]

    assert reasons_of(match) == []


def test_the_list_shows_the_common_points_of_a_weak_match_too():
    asked, offered = need(), outcome()
    [match] = propose_matches(asked, [pair(asked, offered, 0.31, parts=(Part(Feature.TEXT, 0.1, 0.45),))])

    listed = get(member(offered.owner), "match-list").content.decode()

    assert match.strength == "weak"
    assert "静态电流、智能锁" in listed


def test_each_side_sees_its_matches_with_reasons():
    match = proposed()

    for side in (match.need.organisation, match.outcome.owner):
        page = get(member(side), "match-detail", match.code)
        assert page.status_code == 200
        assert "静态电流、智能锁" in page.content.decode()
        listed = get(member(side), "match-list").content.decode()
        assert match.get_absolute_url() in listed


@pytest.mark.parametrize("name", ["match-detail"])
def test_strangers_find_nothing(name):
    match = proposed()

    assert get(member(enterprise()), name, match.code).status_code == 404
    assert Client().get(reverse(name, args=[match.code])).status_code == 302
    assert get(person("auditor"), name, match.code).status_code == 200


@pytest.mark.parametrize("offline", [{"live": False}, {"state": "withdrawn"}])
def test_an_outcome_taken_offline_is_shown_to_its_owner_only(offline):
    match = proposed()
    ResearchOutcome.objects.filter(pk=match.outcome_id).update(**offline)

    buyer, seller = member(match.need.organisation), member(match.outcome.owner)

    assert get(buyer, "match-detail", match.code).status_code == 404
    assert match.get_absolute_url() not in get(buyer, "match-list").content.decode()
    assert match.outcome.title not in get(buyer, "need-matches", match.need.code).content.decode()
    assert match.get_absolute_url() not in get(buyer, "desk").content.decode()
    assert get(seller, "match-detail", match.code).status_code == 200
    assert get(person("officer"), "match-detail", match.code).status_code == 200


def test_a_need_taken_offline_is_shown_to_its_enterprise_only():
    match = proposed()
    TechnologyNeed.objects.filter(pk=match.need_id).update(live=False)

    buyer, seller = member(match.need.organisation), member(match.outcome.owner)

    assert get(seller, "match-detail", match.code).status_code == 404
    assert match.get_absolute_url() not in get(seller, "match-list").content.decode()
    assert match.get_absolute_url() not in get(seller, "desk").content.decode()
    assert get(buyer, "match-detail", match.code).status_code == 200


def test_what_both_accepted_stays_with_both():
    match = agreed()
    ResearchOutcome.objects.filter(pk=match.outcome_id).update(live=False)

    assert get(member(match.need.organisation), "match-detail", match.code).status_code == 200


def test_an_anonymous_enterprise_is_named_only_after_confidentiality_in_the_deal():
    hidden = enterprise(name="样例秘密锁业")
    match = proposed(need=need(of=hidden, is_anonymous=True))
    institute = member(match.outcome.owner)

    for page in ("match-detail", "match-list"):
        args = [match.code] if page == "match-detail" else []
        assert "样例秘密锁业" not in get(institute, page, *args).content.decode()
    assert "样例秘密锁业" in get(member(hidden), "match-detail", match.code).content.decode()

    named = agreed(need=need(of=hidden, is_anonymous=True))
    owner = member(named.outcome.owner)
    assert "样例秘密锁业" not in get(owner, "match-detail", named.code).content.decode()
    disclose_need(named.need, organisation=named.outcome.owner, by=owner)  # as the deal does
    assert "样例秘密锁业" in get(owner, "match-detail", named.code).content.decode()


def test_accepting_and_declining_in_the_browser():
    match = proposed()
    institute, buyer = client_of(member(match.outcome.owner)), client_of(member(match.need.organisation))

    institute.post(reverse("match-accept", args=[match.code]))
    match.refresh_from_db()
    assert match.outcome_answer == "accepted"

    page = buyer.post(reverse("match-decline", args=[match.code]), {"reason": "other", "note": ""})
    match.refresh_from_db()
    assert match.state == "proposed"
    assert "用几个字说明其他原因" in page.content.decode()

    buyer.post(reverse("match-decline", args=[match.code]), {"reason": "price", "note": "超出预算"})
    match.refresh_from_db()
    assert (match.state, match.decline_note) == ("declined", "超出预算")


def test_a_colleague_without_the_role_is_told_why():
    match = proposed()

    page = client_of(member(match.outcome.owner, "finance")).post(reverse("match-accept", args=[match.code]))

    assert page.status_code == 403
    match.refresh_from_db()
    assert match.outcome_answer == "waiting"


def test_the_lists_of_a_record_are_for_its_side():
    match = proposed()
    seller, buyer = member(match.outcome.owner), member(match.need.organisation)

    assert match.get_absolute_url() in get(buyer, "need-matches", match.need.code).content.decode()
    assert match.get_absolute_url() in get(seller, "outcome-matches", match.outcome.number).content.decode()
    assert get(seller, "need-matches", match.need.code).status_code == 403
    assert get(buyer, "outcome-matches", match.outcome.number).status_code == 403


@pytest.mark.parametrize("name", ["need-matches", "outcome-matches"])
def test_the_matches_of_a_record_bear_the_other_sides_title_for_officers_too(name):
    match = proposed(need=need(title="阀门密封"), outcome=outcome(title="唇形密封圈"))
    key, other = (match.need.code, "唇形密封圈") if name == "need-matches" else (match.outcome.number, "阀门密封")

    page = get(person("officer"), name, key).content.decode()

    assert f'<h2 class="t-18"><a href="{match.get_absolute_url()}">{other}</a></h2>' in page


def test_one_who_has_to_answer_is_led_to_the_answer_on_a_phone():
    match = proposed()

    waiting = get(member(match.need.organisation), "match-detail", match.code).content.decode()
    reading = get(person("officer"), "match-detail", match.code).content.decode()

    assert 'class="actbar no-print"><a class="btn btn--primary" href="#answer"' in waiting
    assert "actbar" not in reading


def test_the_list_costs_the_same_for_one_and_for_three(django_assert_num_queries):
    institute = member(outcome().owner)
    owner = outcome().owner
    institute = member(owner)
    client = client_of(institute)

    def add():
        proposed(outcome=outcome(of=owner), need=need(is_anonymous=True))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("match-list")).status_code == 200
        return len(captured)

    add()
    queries()
    one = queries()
    add()
    add()
    assert Match.objects.count() == 3
    assert queries() == one


def test_who_has_accepted_is_not_offered_to_accept_again():
    match = proposed()
    accept_match(match, by=member(match.need.organisation), organisation=match.need.organisation)

    own = get(member(match.need.organisation), "match-detail", match.code).content.decode()
    other = get(member(match.outcome.owner), "match-detail", match.code).content.decode()

    assert reverse("match-accept", args=[match.code]) not in own
    assert "对方尚未答复" in own
    assert reverse("match-accept", args=[match.code]) in other


@pytest.mark.parametrize("name", ["need-matches", "outcome-matches"])
def test_the_lists_of_a_record_cost_the_same_for_one_and_for_three(name):
    one_need, one_outcome = need(), outcome()
    client = client_of(member(one_need.organisation if name == "need-matches" else one_outcome.owner))
    address = reverse(name, args=[one_need.code if name == "need-matches" else one_outcome.number])

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    proposed(need=one_need, outcome=one_outcome)
    queries()
    one = queries()
    if name == "need-matches":
        propose_matches(one_need, [pair(one_need, each) for each in (one_outcome, outcome(), outcome())])
    else:
        proposed(outcome=one_outcome, need=need(is_anonymous=True))
        proposed(outcome=one_outcome, need=need(is_anonymous=True))

    assert Match.objects.standing().count() == 3
    assert queries() == one


def test_an_officers_list_is_not_called_theirs_and_parts_by_who_has_answered():
    waits, half = proposed(), proposed()
    accept_match(half, by=member(half.outcome.owner), organisation=half.outcome.owner)
    client = client_of(person("officer"))

    page = client.get(reverse("match-list"))
    other = client.get(reverse("match-list") + "?show=answered").content.decode()

    html = page.content.decode()
    assert "我的对接" not in html.partition("<main")[2]
    assert [tab["label"] for tab in page.context["tabs"]][:2] == ["等待双方答复", "等待一方答复"]
    assert waits.get_absolute_url() in html
    assert half.get_absolute_url() not in html
    assert half.get_absolute_url() in other


def test_accepting_again_in_an_old_tab_is_an_ordinary_message():
    match = proposed()
    owner = match.outcome.owner
    colleague, later = member(owner), member(owner)
    accept_match(match, by=colleague, organisation=owner)

    page = client_of(later).post(reverse("match-accept", args=[match.code]), follow=True)

    assert page.status_code == 200
    assert "本方已对这项对接作出答复：已接受" in page.content.decode()


def test_what_is_typed_for_the_other_side_is_called_so_beside_the_field():
    match = proposed()

    page = get(member(match.need.organisation), "match-detail", match.code).content.decode()

    assert "对方会逐字读到原因和备注" in page
    assert "对方会逐字读到" in page.partition('id="pin_reason"')[2] + page.partition('id="pin_reason"')[0]
    assert "只有一方的文字改动后" in page


def test_an_acceptance_is_withdrawn_from_the_page_of_an_agreed_match():
    match = agreed()
    owner = match.outcome.owner
    client = client_of(member(owner))

    before = client.get(match.get_absolute_url()).content.decode()
    done = client.post(reverse("match-withdraw", args=[match.code]), {"seen": "agreed"}, follow=True)

    match.refresh_from_db()
    assert "撤回接受" in before
    assert match.state == "withdrawn"
    assert done.redirect_chain[-1][0] == match.get_absolute_url()
    assert "接受已撤回" in done.content.decode()
    assert "供方已撤回" in done.content.decode()


def test_a_deal_is_not_offered_once_the_need_has_ended():
    match = agreed()
    TechnologyNeed.objects.filter(pk=match.need_id).update(state="solved")
    client = client_of(member(match.outcome.owner))

    page = client.get(match.get_absolute_url()).content.decode()
    client.post(reverse("deal-from-match", args=[match.code]))

    assert "需求已不再开放：已解决" in page.partition('id="why-deal"')[2]
    assert not hasattr(Match.objects.get(pk=match.pk), "deal")
    assert match.get_absolute_url() not in client.get(reverse("desk")).content.decode()


def test_withdrawing_in_an_old_tab_once_the_deal_is_open_is_told_on_the_page():
    match = agreed()
    owner = match.outcome.owner
    seller = member(owner)
    open_deal_from_match(match, by=seller, organisation=owner)

    page = client_of(seller).post(reverse("match-withdraw", args=[match.code]), {"seen": "agreed"}, follow=True)

    match.refresh_from_db()
    assert match.state == "agreed"
    assert "这项对接的交易已建立" in page.content.decode()


def test_an_officer_is_asked_before_adding_and_offered_to_take_back_while_nobody_answered():
    match = proposed()
    officer = client_of(person("officer"))
    listed = officer.get(reverse("need-matches", args=[match.need.code])).content.decode()
    address = reverse("need-match-add", args=[match.need.code])
    officer.post(address, {"counterpart": outcome().number, "reason": "走访时谈到"})
    added = Match.objects.get(added_as="officer")
    back = reverse("match-take-back", args=[added.code])

    offered = officer.get(added.get_absolute_url()).content.decode()
    search_found = officer.get(match.get_absolute_url()).content.decode()
    officer.post(back)

    added.refresh_from_db()
    assert 'data-dialog="add-match"' in listed
    assert listed.count("任何一方答复之前，您可以撤回") == 2  # on the page, and in the question
    assert back in offered
    assert "take-back" not in search_found
    assert (added.state, added.withdrawn_why) == ("withdrawn", "taken_back")


def test_a_match_that_waits_for_a_colleague_says_so_in_the_list_and_on_its_page():
    match = proposed()
    needing, owning = match.need.organisation, match.outcome.owner
    moved = member(needing)
    accept_match(match, by=moved, organisation=needing)
    moved.memberships.update(state="left")
    join(moved, owning, MemberRole.MANAGER)
    reader, colleague = sign_in(Client(), moved), sign_in(Client(), member(owning))

    waiting = reader.get(reverse("match-list"))
    [row] = reader.get(reverse("match-list") + "?show=colleague").context["rows"]
    page = strip_tags(reader.get("/en" + match.get_absolute_url()).content.decode())

    assert [tab["count"] for tab in waiting.context["tabs"]] == [0, 1, 0, 0, 0]
    assert list(waiting.context["rows"]) == []
    assert (row.match, row.waits_for_reader) == (match, False)
    assert "It waits for a colleague of yours" in page
    assert "Your answer" not in page
    assert "You have accepted" not in page
    assert f"You have acted for {needing} in this already; somebody else of {owning} has to do it." in page
    tabs = colleague.get(reverse("match-list")).context["tabs"]
    assert [tab["count"] for tab in tabs] == [1, 0, 0, 0]


def test_staff_who_read_all_and_act_for_a_house_may_list_all_matches():
    own, strange = proposed(), proposed()
    officer = person("officer")
    join(officer, own.need.organisation, MemberRole.MANAGER)

    listed = {of: get_list(officer, of) for of in ("", "?of=all")}

    assert [row.match for row in listed[""].context["rows"]] == [own]
    assert {row.match for row in listed["?of=all"].context["rows"]} == {own, strange}
    assert 'href="?of=all"' in listed[""].content.decode()
    assert 'href="?show=agreed&amp;of=all"' in listed["?of=all"].content.decode()
    assert "全平台的对接" in listed["?of=all"].content.decode()


def test_of_all_shows_nobody_else_more_than_their_own():
    own, _strange = proposed(), proposed()
    user = member(own.need.organisation)
    other = proposed()
    join(user, other.outcome.owner, MemberRole.MANAGER)

    listed = get_list(user, "?of=all")

    assert {row.match for row in listed.context["rows"]} == {own, other}
    assert "全平台的对接" not in listed.content.decode()


def get_list(user, asked):
    return client_of(user).get(reverse("match-list") + asked)
