"""Drafts of the contract in the deal room: read by both sides and the broker before anything is sent."""

import copy
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import translation

from marketplace.contracts.amounts import Item
from marketplace.contracts.drafts import rules
from marketplace.contracts.drafts.actions import assemble_draft, read_versions, speak_of_draft
from marketplace.contracts.drafts.comparing import clauses_of, compared
from marketplace.contracts.drafts.refusals import NoSuchVersion
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.writing import change_contract
from marketplace.core.comparing import Piece
from marketplace.core.journal import Entry, Kind
from marketplace.core.rules import why_not
from marketplace.deals.actions import terminate_deal
from marketplace.deals.rooms import readings
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, drafted, facts, person
from tests.marketplace.deals.factories import broker, engage, enterprise, member, priced
from tests.pdf_text import texts_of

pytestmark = pytest.mark.usefixtures("for_now")
TYPE = {"contract_type": "ZR", "sub_type": "ZR-patent"}


class Room:
    """A deal with a broker, whose contract is drafted in two versions; the second costs more."""

    def __init__(self):
        self.deal, self.seller, self.buyer = priced()
        self.broker = broker()
        engage(self.deal, self.broker, **self.seller.as_party)
        self.contract = draft_contract_from_deal(self.deal, **self.seller.as_party)
        self.first, self.second = self._version(90), self._version(95)

    def _version(self, wan):
        items = [Item("专利权转让", wan * WAN, True)]
        given = facts(**TYPE, buyer_uscc=self.deal.buyer.uscc, project_name="指静脉专利转让")
        change_contract(self.contract, by=self.seller.manager, items=items, **given)
        return assemble_draft(self.contract, by=self.seller.manager)

    def address(self, rest=""):
        return f"/deals/{self.deal.code}/drafts/{rest}"


@pytest.fixture(scope="module")
def made(lasting):
    return Room()


@pytest.fixture
def room(made, for_now):
    return copy.deepcopy(made)


def client_of(user):
    return sign_in(Client(), user)


def words(page):
    return page.content.decode()


def test_who_reads_drafts_in_the_room_and_who_does_not(room):
    people = {
        "seller": room.seller.manager,
        "buyer": room.buyer.manager,
        "broker": room.broker.user,
        "officer": person("officer"),
        "auditor": person("auditor"),
        "registrar": person("registrar"),
        "another": member(enterprise()),
    }

    allowed = {who for who, user in people.items() if why_not(rules.read_deal_drafts, user, room.contract) is None}
    opened = {who for who, user in people.items() if client_of(user).get(room.address()).status_code == 200}
    given = {who for who, user in people.items() if client_of(user).get(pdf(room.first)).status_code == 200}

    assert room.contract.state == TechnologyContract.State.DRAFT
    assert allowed == opened == given == {"seller", "buyer", "broker", "officer", "auditor"}
    assert client_of(people["another"]).get(room.address()).status_code == 404
    alone, _manager = drafted()
    assert why_not(rules.read_deal_drafts, people["auditor"], alone) is not None


def pdf(draft):
    return f"/files/{draft.pdf.code}/"


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "交易双方和该交易的经纪人"), ("en", "both sides and the broker")]
)
def test_others_are_refused_with_the_reason(room, language, said):
    stranger = member(enterprise())

    with translation.override(language):
        assert said in why_not(rules.read_deal_drafts, stranger, room.contract)
        with pytest.raises(PermissionDenied):
            read_versions(room.contract, [room.first], by=stranger, organisation=None)
        with pytest.raises(PermissionDenied):
            speak_of_draft(room.contract, by=stranger, organisation=None, version=1, text="改")

    assert not readings(room.deal).exists()


def test_a_pdf_names_its_reader_and_the_reading_stands_in_the_list(room):
    given = client_of(room.buyer.manager).get(pdf(room.first))

    entry = readings(room.deal).get()
    assert (entry.actor, entry.subject) == (room.buyer.manager, room.first.pdf)
    texts = texts_of(b"".join(given.streaming_content))
    assert any(f"#{entry.pk}" in text and room.buyer.manager.name in text for text in texts)
    assert any("指静脉专利转让" in text for text in texts)
    assert room.first.pdf.name in words(client_of(room.broker.user).get(f"/deals/{room.deal.code}/readings/"))


def test_the_docx_that_cannot_be_marked_is_for_the_seller(room):
    address = f"/files/{room.first.docx.code}/"

    assert client_of(room.seller.manager).get(address).status_code == 200
    assert client_of(room.buyer.manager).get(address).status_code == 404
    assert client_of(room.broker.user).get(address).status_code == 404


def test_a_draft_outside_a_deal_carries_no_name(client):
    contract, manager = drafted()
    made = assemble_draft(contract, by=manager)
    sign_in(client, manager)

    given = b"".join(client.get(pdf(made)).streaming_content)

    assert given == made.pdf.content.read()


def test_versions_are_compared_clause_by_clause(room):
    found = {each.heading: each for each in compared(room.first, room.second)}

    changed = [heading for heading, clause in found.items() if clause.is_changed]
    assert changed == ["第二条 价款、报酬及支付方式"]
    marks = [piece for piece in found[changed[0]].pieces if piece.tag]
    assert Piece("del", "900,000.00") in marks
    assert Piece("ins", "950,000.00") in marks
    assert list(clauses_of(room.first))[:2] == ["甲方（买方）", "乙方（卖方）"]
    assert not any("代表人签字、日期" in said for said in clauses_of(room.first).values())


@pytest.mark.parametrize(("language", "title"), [("", "草案的变化"), ("/en", "What changed in the draft")])
def test_the_page_of_changes_counts_as_reading_both(room, language, title):
    reader = client_of(room.buyer.manager)

    page = words(reader.get(language + room.address("2/")))

    assert f"<h1>{title}</h1>" in page
    assert re.search(r"<del>.*900,000\.00.*</del>", page)
    read = {entry.subject_id for entry in readings(room.deal)}
    assert read == {room.first.pdf_id, room.second.pdf_id}
    assert all(f"#{entry.pk}" in page for entry in readings(room.deal))
    assert [reader.get(room.address(f"{number}/")).status_code for number in (1, 3)] == [404, 404]


def test_a_word_about_a_version_stands_in_the_talk(room):
    sent = client_of(room.buyer.manager).post(room.address("remark/"), {"version": 2, "text": "第二条改为分期支付。"})

    assert sent["Location"].endswith("#notes")
    note = room.deal.notes.get()
    assert (note.is_shared, note.organisation) == (True, room.buyer.organisation)
    assert note.text == "关于合同草案第 2 版：\n第二条改为分期支付。"
    assert "第二条改为分期支付" in words(client_of(room.broker.user).get(f"/deals/{room.deal.code}/"))
    assert Entry.objects.filter(kind=Kind.DEAL_NOTED).count() == 1


def test_a_word_needs_words_a_version_and_a_deal_that_goes_on(room):
    reader = client_of(room.buyer.manager)
    empty = reader.post(room.address("remark/"), {"version": 2, "text": " "})
    unknown = reader.post(room.address("remark/"), {"version": 9, "text": "改"})
    with translation.override("en"), pytest.raises(NoSuchVersion, match="no version 9"):
        speak_of_draft(room.contract, version=9, text="改", **room.buyer.as_party)

    assert "field--error" in words(empty)
    assert "没有第 9 版" in words(unknown)
    auditor = client_of(person("auditor"))
    assert auditor.post(room.address("remark/"), {"version": 2, "text": "改"}).status_code == 403
    terminate_deal(room.deal, reason="路线调整", **room.seller.as_party)
    assert "Say it in the talk" not in words(reader.get("/en" + room.address()))
    ended = reader.post("/en" + room.address("remark/"), {"version": 2, "text": "改"})
    assert ended.context["form"].errors == {"__all__": ["The deal has ended (terminated); nothing is added to it."]}
    assert not room.deal.notes.exists()


def test_the_deal_leads_to_its_drafts_once_there_are_some(room):
    bare = priced()

    page = words(client_of(room.buyer.manager).get(f"/deals/{room.deal.code}/"))

    assert f'href="{room.address()}"' in page
    assert "/drafts/" not in words(client_of(bare.buyer.manager).get(f"/deals/{bare.deal.code}/"))
    assert client_of(bare.buyer.manager).get(f"/deals/{bare.deal.code}/drafts/").status_code == 404
