"""A broker's engagement in a deal: told, accepted with the terms, ended; nothing is read before, or once stopped."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from marketplace.brokers.actions import reinstate_broker, revoke_broker, suspend_broker
from marketplace.core.journal import Entry
from marketplace.deals.brokering import consent_to_broker, consents, name_broker, release_broker
from marketplace.deals.engagement import accept_engagement, own_consent
from marketplace.deals.history import history
from marketplace.deals.models import Deal
from marketplace.deals.own_side import notes_for
from marketplace.deals.refusals import BothNotOffered, BrokerHasHouses, EngagementAccepted, NdaOutdated
from marketplace.deals.talking import add_deal_file, add_note, write_terms
from tests.marketplace.deals.factories import broker, engage, enterprise, member, pdf, person


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def words(page):
    return page.content.decode()


def titles(deal, user):
    return [one["title"] for one in history(deal, user, None)]


def test_before_accepting_a_broker_reads_the_head_only(matched):
    deal, seller, buyer = matched
    one = broker()
    add_note(deal, text="报价底线八十万", **seller.as_party)
    paper = add_deal_file(deal, upload=pdf(), purpose="other", **seller.as_party)
    name_broker(deal, one, **buyer.as_party)
    here = client_of(one.user)

    assert here.get(reverse("file-download", args=[paper.code])).status_code == 404
    assert here.get(reverse("deal-terms", args=[deal.code])).status_code == 403
    page = here.get(deal.get_absolute_url(), follow=True)
    assert page.redirect_chain[-1][0] == reverse("deal-engagement", args=[deal.code])
    assert buyer.organisation.name in words(page)
    assert "报价底线" not in words(page)
    for refused in (add_note, write_terms):
        with pytest.raises(PermissionDenied, match="接受委托"):
            refused(deal, by=one.user, organisation=None, **({"text": "好"} if refused is add_note else {}))


def test_accepting_opens_the_deal_and_is_kept_with_the_version(matched):
    deal, seller, buyer = matched
    one = broker()
    name_broker(deal, one, **buyer.as_party)

    with pytest.raises(NdaOutdated):
        accept_engagement(deal, by=one.user, version="2020-1")
    with pytest.raises(PermissionDenied):
        accept_engagement(deal, by=seller.manager)
    accept_engagement(deal, by=one.user, version="2026-1")

    own = own_consent(deal)
    assert (own.version, own.given_by, own.for_both) == ("2026-1", one.user, False)
    assert Deal.objects.visible_to(one.user).get() == deal
    assert client_of(one.user).get(deal.get_absolute_url()).status_code == 200
    with pytest.raises(EngagementAccepted):
        accept_engagement(deal, by=one.user)


def test_declining_ends_the_appointment(matched):
    deal, _seller, buyer = matched
    one = broker()
    name_broker(deal, one, **buyer.as_party)

    client_of(one.user).post(reverse("deal-broker-release", args=[deal.code]))

    deal.refresh_from_db()
    assert (deal.broker, consents(deal)) == (None, {})
    assert "技术经纪人谢绝委托（为需方）" in titles(deal, buyer.manager)


@pytest.mark.parametrize(("stop", "said"), [(suspend_broker, "暂停"), (revoke_broker, "撤销")])
def test_a_broker_the_district_stopped_reads_and_writes_nothing(matched, stop, said):
    deal, seller, buyer = matched
    one = broker()
    paper = add_deal_file(deal, upload=pdf(), purpose="other", **seller.as_party)
    engage(deal, one, **seller.as_party)

    stop(one, by=person("officer"), reason="投诉核查")

    here = client_of(one.user)
    assert here.get(reverse("file-download", args=[paper.code])).status_code == 404
    assert said in words(here.get(deal.get_absolute_url(), follow=True))
    with pytest.raises(PermissionDenied, match=said):
        add_note(deal, text="继续", by=one.user, organisation=None)
    with pytest.raises(PermissionDenied, match=said):
        write_terms(deal, by=one.user, organisation=None, subject="专利许可")
    for side in (seller, buyer):
        assert f"经纪人 {one.name} 已被{said}备案，不能再代办" in words(
            client_of(side.manager).get(deal.get_absolute_url())
        )


def test_a_reinstated_broker_goes_on(matched):
    deal, seller, _buyer = matched
    one = broker()
    engage(deal, one, **seller.as_party)
    suspend_broker(one, by=person("officer"), reason="投诉核查")
    reinstate_broker(one, by=person("officer"), reason="核查完毕")

    add_note(deal, text="继续", by=one.user, organisation=None)

    assert deal in Deal.objects.visible_to(one.user)


def test_the_history_says_how_it_ended_and_for_which_side(matched):
    deal, seller, buyer = matched
    one = broker()
    engage(deal, one, **buyer.as_party)
    release_broker(deal, **buyer.as_party)
    engage(deal, one, **seller.as_party)
    release_broker(deal, by=one.user)

    told = titles(deal, seller.manager)
    assert told[0] == "技术经纪人退出（为供方）"
    assert "需方解除委托" in told


def test_who_belongs_to_another_house_is_named_knowingly(matched):
    deal, seller, _buyer = matched
    house = enterprise()
    one = broker(user=member(house))

    with pytest.raises(BrokerHasHouses, match=house.name):
        name_broker(deal, one, **seller.as_party)
    asked = client_of(seller.manager).post(reverse("deal-broker", args=[deal.code]), {"broker": one.code})
    assert house.name in words(asked)
    assert 'type="checkbox" name="knows_houses"' in words(asked)
    sent = {"broker": one.code, "knows_houses": "on"}
    client_of(seller.manager).post(reverse("deal-broker", args=[deal.code]), sent)

    deal.refresh_from_db()
    assert deal.broker == one
    assert Entry.objects.about(deal).get(kind="deal.broker_named").data["houses"] == [house.code]


def test_both_are_served_when_all_three_agree(matched):
    deal, seller, buyer = matched
    one = broker()
    engage(deal, one, **buyer.as_party)

    with pytest.raises(BothNotOffered):
        consent_to_broker(deal, **seller.as_party)
    assert "同意为双方服务" not in words(client_of(seller.manager).get(deal.get_absolute_url()))
    consent_to_broker(deal, **buyer.as_party)
    accept_engagement(deal, by=one.user)
    deal.refresh_from_db()
    assert deal.broker_side == "buyer"
    consent_to_broker(deal, **seller.as_party)

    deal.refresh_from_db()
    assert deal.broker_side == "both"


def test_a_side_and_its_broker_write_for_each_other(matched):
    deal, seller, buyer = matched
    one = broker()
    add_note(deal, text="委托之前", is_shared=False, **buyer.as_party)
    engage(deal, one, **buyer.as_party)
    add_note(deal, text="底线六十万", is_shared=False, **buyer.as_party)
    add_note(deal, text="建议先压价", is_shared=False, by=one.user, organisation=None)

    def read(user):
        return [note.text for note in notes_for(deal, user, None)]

    assert read(one.user) == ["底线六十万", "建议先压价"]
    assert read(buyer.manager) == ["委托之前", "底线六十万", "建议先压价"]
    assert read(seller.manager) == []
    assert f"受托经纪人 {one.name} 可见" in words(client_of(buyer.manager).get(deal.get_absolute_url()))

    consent_to_broker(deal, **buyer.as_party)
    accept_engagement(deal, by=one.user)
    consent_to_broker(deal, **seller.as_party)
    deal.refresh_from_db()
    assert read(one.user) == ["建议先压价"]  # a broker of both reads no side's own notes


def test_reading_as_broker_names_no_house(matched):
    deal, seller, _buyer = matched
    house = enterprise()
    one = broker(user=member(house))
    paper = add_deal_file(deal, upload=pdf(), purpose="other", **seller.as_party)
    name_broker(deal, one, knows_houses=True, **seller.as_party)
    accept_engagement(deal, by=one.user)

    assert client_of(one.user).get(reverse("file-download", args=[paper.code])).status_code == 200

    page = words(client_of(seller.manager).get(reverse("deal-readings", args=[deal.code])))
    assert "技术经纪人（独立）" in page
    assert house.name not in page
