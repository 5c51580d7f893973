"""The buyer behind an anonymous need: named nowhere to the seller's people before both accepted confidentiality."""

import re
from importlib import import_module
from io import BytesIO

import pytest
from django.apps import apps
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from marketplace.brokers.leads.models import Lead
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.core import clock
from marketplace.core.actions import read_file
from marketplace.deals.brokering import name_broker
from marketplace.deals.leads import deals_of
from marketplace.deals.models import Deal
from marketplace.deals.nda import accept_nda
from marketplace.deals.opening import accept_interest, open_deal_from_match
from marketplace.deals.pricing import accept_price, choose_pricing, propose_price, standing
from marketplace.deals.refusals import BrokerOfOtherSide
from marketplace.deals.talking import add_deal_file, add_note, write_terms
from marketplace.deals.withheld import is_buyer_withheld
from marketplace.matching.actions import accept_match
from marketplace.needs.models import NeedDisclosure
from marketplace.notices.models import Notice
from marketplace.organisations.models import Organisation
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import (
    WAN,
    Party,
    broker,
    enterprise,
    from_interest,
    interest,
    member,
    outcome,
    pdf,
    person,
)
from tests.marketplace.matching.factories import need, proposed
from tests.pdf_text import text_of
from tests.tasks.conftest import commit  # noqa: F401  # what follows from an action is carried out at once

pytestmark = pytest.mark.django_db

BUYER, AGENT = "瓯江隐名锁业有限公司", "隐名经办人"
SAID = "请先看检测报告，再谈价格。"
HREF = re.compile(r'href="(/[^"#]*)')
LEFT_OUT = re.compile(r"^/(static|media|admin|accounts|account|events|news|help|api/docs)|/(logout|lang)|/export")
MOST = 260


def hidden_buyer():
    party = Party(enterprise(name=BUYER, name_en="Hidden Locks Ltd"))
    party.manager.name = AGENT
    party.manager.save()
    return party


def anonymous(of):
    return need(of=of, is_anonymous=True, title="智能门锁待机电流降低")


class Room:
    """A deal from a match about an anonymous need in which much happened before confidentiality."""

    def __init__(self, run):
        self.run, self.buyer = run, hidden_buyer()
        offered = outcome()
        self.seller, self.broker = Party(offered.owner), broker()
        match = proposed(need=anonymous(self.buyer.organisation), outcome=offered)
        run(lambda: accept_match(match, **self.buyer.as_party))
        run(lambda: accept_match(match, **self.seller.as_party))
        self.deal = run(lambda: open_deal_from_match(match, **self.seller.as_party))
        self._talk()

    def _talk(self):
        deal, run, buys, sells = self.deal, self.run, self.buyer.as_party, self.seller.as_party
        run(lambda: name_broker(deal, self.broker, **sells))
        run(lambda: add_note(deal, text=SAID, **buys))
        run(lambda: add_note(deal, text="线上会谈", met_on=clock.today(), participants=f"{AGENT}、郑可", **buys))
        run(lambda: add_deal_file(deal, upload=pdf("需求说明.pdf"), purpose="other", **buys))
        laid = run(lambda: add_deal_file(deal, upload=pdf("报告.pdf"), purpose="other", **sells))
        run(lambda: read_file(laid, **buys))
        run(lambda: write_terms(deal, subject="配方许可", **buys))
        run(lambda: choose_pricing(deal, mode="agreed", **sells))
        run(lambda: propose_price(deal, amount=80 * WAN, **buys))
        run(lambda: propose_price(deal, amount=70 * WAN, **buys))


def words_of(response):
    kind = response.headers.get("Content-Type", "")
    if response.streaming:
        content = b"".join(response.streaming_content)
        named = response.headers.get("Content-Disposition", "")
        return named + text_of(content) if kind == "application/pdf" else named
    if "spreadsheet" in kind:
        rows = load_workbook(BytesIO(response.content)).active.values
        return " ".join(str(cell) for row in rows for cell in row)
    return response.content.decode() if "text" in kind or "json" in kind else ""


def walked(user, deal):
    """Return {address: words} of what `user` reaches by links from the work place and the deal, in both languages."""
    client, found = sign_in(Client(), user), {}
    code = deal.code
    queue = ["/desk/", "/deals/", "/deals/?view=list", "/interests/", "/matches/", "/notices/", "/search/?q=智能门锁"]
    queue += [f"/deals/{code}/", f"/deals/{code}/terms/", f"/deals/{code}/readings/", "/deals/export/?format=csv"]
    queue += ["/deals/export/?format=xlsx", f"/deals/{code}/move/?to=terminated", "/desk/broker/"]
    queue += [f"/en{address}" for address in queue]
    while queue and len(found) < MOST:
        address = queue.pop(0)
        if address in found:
            continue
        response = client.get(address, follow=True)
        assert response.status_code < 500, address
        found[address] = words_of(response)
        links = (link.replace("&amp;", "&") for link in HREF.findall(found[address]))
        queue += [link for link in links if link not in found and not LEFT_OUT.search(link)]
    return found


def telling(found, *names):
    return sorted(address for address, words in found.items() if any(name in words for name in names))


def names_of(party):
    house = party.organisation
    return (house.name, house.name_en, house.uscc, party.manager.name, party.manager.email)


def test_nobody_of_the_seller_reads_who_the_buyer_is_before_both_accepted_confidentiality(commit):  # noqa: F811
    room = Room(commit)
    readers = (room.seller.manager, room.broker.user)
    names = names_of(room.buyer)

    for reader in readers:
        found = walked(reader, room.deal)
        assert f"/deals/{room.deal.code}/" in found
        assert SAID in found[f"/deals/{room.deal.code}/"]  # messages work before confidentiality
        assert "需求方" in found[f"/deals/{room.deal.code}/"]
        assert "The owner of the need" in found[f"/en/deals/{room.deal.code}/"]
        assert telling(found, *names) == []
        marked = [words for address, words in found.items() if address.startswith("/files/")]
        assert len(marked) == 2
        assert all(reader.name in words for words in marked)  # the mark names who reads, nobody of the other side
    told = Notice.objects.filter(user__in=readers)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert not [notice.title for notice in told if any(name in notice.title for name in names)]
    assert told.count() > 4
    sent = [message for message in mail.outbox if set(message.to) & {reader.email for reader in readers}]
    assert sent
    assert not [message.body for message in sent if any(name in message.subject + message.body for name in names)]


def test_everybody_in_the_deal_reads_the_buyer_once_both_accepted_confidentiality(commit):  # noqa: F811
    room = Room(commit)

    commit(lambda: accept_nda(room.deal, **room.buyer.as_party))
    assert not NeedDisclosure.objects.exists()
    assert telling(walked(room.seller.manager, room.deal), BUYER) == []
    commit(lambda: accept_nda(room.deal, **room.seller.as_party))

    assert NeedDisclosure.objects.get().organisation == room.seller.organisation
    code = room.deal.code
    expected = {f"/deals/{code}/", f"/deals/{code}/terms/", f"/deals/{code}/readings/", "/deals/", "/deals/?view=list"}
    for reader in (room.seller.manager, room.broker.user):
        assert expected | {"/deals/export/?format=csv"} <= set(telling(walked(reader, room.deal), BUYER))
    assert AGENT in walked(room.seller.manager, room.deal)[f"/deals/{code}/"]


def test_the_buyer_its_broker_and_officers_read_the_buyer_from_the_start(commit):  # noqa: F811
    room = Room(commit)
    other = interest(of=room.buyer.organisation, on=outcome(), need=room.deal.need)
    deal = accept_interest(other, by=member(other.outcome.owner), organisation=other.outcome.owner)
    one = broker()
    name_broker(deal, one, **room.buyer.as_party)

    for reader, opened in ((room.buyer.manager, room.deal), (person("officer"), room.deal), (one.user, deal)):
        page = sign_in(Client(), reader).get(opened.get_absolute_url()).content.decode()
        assert BUYER in page


def test_a_search_for_the_buyer_does_not_betray_its_deal(commit):  # noqa: F811
    room = Room(commit)
    seller, buyer = sign_in(Client(), room.seller.manager), sign_in(Client(), room.buyer.manager)

    before = seller.get("/deals/", {"q": "隐名锁业有限"}).context["count"]
    own = buyer.get("/deals/", {"q": "隐名锁业有限"}).context["count"]
    for party in (room.buyer, room.seller):
        accept_nda(room.deal, **party.as_party)
    after = seller.get("/deals/", {"q": "隐名锁业有限"}).context["count"]

    assert (before, own, after) == (0, 1, 1)


def test_interest_with_an_anonymous_need_does_not_name_who_shows_it():
    buyer = hidden_buyer()
    shown = interest(of=buyer.organisation, need=anonymous(buyer.organisation))
    shown.shown_by.name = AGENT
    shown.shown_by.save()
    seller = Party(shown.outcome.owner)
    client = sign_in(Client(), seller.manager)

    pages = [client.get(address).content.decode() for address in (shown.get_absolute_url(), "/interests/", "/desk/")]
    refused = client.post(reverse("interest-withdraw", args=[shown.code])).content.decode()
    own = sign_in(Client(), shown.shown_by).get(shown.get_absolute_url()).content.decode()

    for page in (*pages, refused):
        assert not [name for name in (BUYER, "Hidden Locks Ltd", AGENT) if name in page]
    assert "需求方" in pages[0]
    assert BUYER in own


def test_accepted_interest_waits_for_the_other_acceptance_too():
    buyer = hidden_buyer()
    deal, seller, _buyer = from_interest(of=buyer.organisation, need=anonymous(buyer.organisation), accepts_nda=True)
    before = NeedDisclosure.objects.count()

    accept_nda(deal, **seller.as_party)

    assert (before, NeedDisclosure.objects.get().organisation) == (0, seller.organisation)


def test_deals_with_confidentiality_in_force_are_disclosed_by_the_migration():
    buyer = hidden_buyer()
    shown = {"of": buyer.organisation, "need": anonymous(buyer.organisation)}
    deal, seller, _buyer = from_interest(**shown, accepts_nda=True)
    waiting = from_interest(**shown, on=outcome(), accepts_nda=True).deal
    accept_nda(deal, **seller.as_party)
    NeedDisclosure.objects.all().delete()

    import_module("marketplace.migrations.0042_broker_marks").disclose_needs(apps, None)

    told = NeedDisclosure.objects.get()
    assert (told.need, told.organisation) == (deal.need, deal.seller)
    assert told.since == deal.nda_acceptances.latest("accepted_at").accepted_at
    assert is_buyer_withheld(waiting)


def test_a_refusal_about_the_broker_names_no_buyer():
    buyer = hidden_buyer()
    deal, seller, _buyer = from_interest(of=buyer.organisation, need=anonymous(buyer.organisation))
    employed = broker(user=member(Organisation.objects.get(pk=buyer.organisation.pk)))

    with pytest.raises(BrokerOfOtherSide) as refused:
        name_broker(deal, employed, **seller.as_party)

    assert BUYER not in str(refused.value)


def test_the_contract_waits_until_the_buyer_is_named(commit):  # noqa: F811
    room = Room(commit)
    deal, seller = room.deal, room.seller
    choose_pricing(deal, mode="listing", listing_price=60 * WAN, **seller.as_party)
    accept_price(deal, standing(deal), **room.buyer.as_party)

    with pytest.raises(PermissionDenied, match="保密"):
        draft_contract_from_deal(deal, **seller.as_party)
    page = sign_in(Client(), seller.manager).get(deal.get_absolute_url()).content.decode()
    assert "需方尚未具名" in page
    for party in (room.buyer, seller):
        accept_nda(deal, **party.as_party)
    contract = draft_contract_from_deal(Deal.objects.get(pk=deal.pk), **seller.as_party)

    assert contract.buyer_name == BUYER


def test_a_lead_to_a_contact_does_not_find_its_deal_before(commit):  # noqa: F811
    room = Room(commit)
    lead = Lead(broker=room.broker, kind="contact", contact=room.buyer.organisation, party=room.buyer.organisation)

    before = deals_of(lead).count()
    for party in (room.buyer, room.seller):
        accept_nda(room.deal, **party.as_party)

    assert (before, deals_of(lead).count()) == (0, 1)
