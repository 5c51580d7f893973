"""Drafts of the contract: texts in versions, put together with what contract and deal know, as PDF and DOCX."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from docx import Document

from marketplace.contracts.actions import submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.choices import SubType
from marketplace.contracts.drafts import rules
from marketplace.contracts.drafts.actions import assemble_draft
from marketplace.contracts.drafts.assembling import texts_for
from marketplace.contracts.drafts.clauses import Clause, ClauseText
from marketplace.contracts.drafts.keeping import keep_clause_text
from marketplace.contracts.drafts.refusals import ClausesMissing, NothingNew
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.payments.actions import plan_instalment
from marketplace.contracts.performance.actions import plan_milestone
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.keeping import NotInOrder
from marketplace.core.refusals import WrongState
from marketplace.core.rules import why_not
from marketplace.deals.nda import accept_nda
from marketplace.deals.room import TermSheet
from tests.factories.people import sign_in
from tests.factories.rules import verbs
from tests.marketplace.contracts.factories import (
    WAN,
    broker,
    drafted,
    facts,
    organisation,
    person,
    registered,
    scan,
)
from tests.marketplace.deals.factories import priced
from tests.pdf_text import embedded_fonts, text_of

pytestmark = pytest.mark.django_db


def words_of(file):
    """Return every word of a DOCX in its order of reading, tables among the paragraphs."""
    document = Document(io.BytesIO(file.content.read()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join("\n".join([each.text for each in document.paragraphs] + cells).split(" "))


def text(**changed):
    given = {"clause": "disputes", "concerns": "", "text": "争议提交样例仲裁委员会仲裁。", "source": "样例依据"}
    return ClauseText(**given | {"holds_from": clock.today()} | changed)


@pytest.mark.parametrize("kind", SubType.values)
def test_every_kind_has_a_text_for_every_clause_and_no_open_place(kind):
    contract, manager = drafted(contract_type=kind[:2], sub_type=kind)

    made = assemble_draft(contract, by=manager)

    pdf = text_of(made.pdf.content.read())
    assert made.clauses.count() == len(Clause)
    general = {"ZX-consulting"} if kind.startswith("ZX") else set()
    assert {each.concerns for each in made.clauses.all()} <= {"", kind[:2], kind, *general}
    assert "第十一条" in pdf
    assert "{" not in pdf
    assert contract.project_name in pdf


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("KF-commissioned", "技术开发合同（草案）"),
        ("KF-joint", "技术开发合同（草案）"),
        ("ZR-patent", "技术转让合同（草案）"),
        ("XK-sole", "技术许可合同（草案）"),
        ("ZX-consulting", "技术咨询合同（草案）"),
        ("ZX-feasibility", "技术咨询合同（草案）"),
        ("FW-service", "技术服务合同（草案）"),
    ],
)
def test_each_type_is_named_once_at_the_head(kind, title):
    contract, manager = drafted(contract_type=kind[:2], sub_type=kind)

    made = assemble_draft(contract, by=manager)

    assert text_of(made.pdf.content.read()).startswith(title)
    assert words_of(made.docx).startswith(f"{title}\n")


def test_the_narrowest_text_wins_then_the_newest():
    contract, _manager = drafted(contract_type="XK", sub_type="XK-sole")
    officer = person("officer")
    keep_clause_text(text=text(clause="subject", concerns="XK", text="许可通用条款"), by=officer)
    keep_clause_text(text=text(text="新的争议条款"), by=officer)
    keep_clause_text(text=text(text="明天的条款", holds_from=clock.today() + timedelta(days=1)), by=officer)

    found = {each.clause: each for each in texts_for(contract, on=clock.today())}

    assert "排他" in found["subject"].text
    assert (found["disputes"].text, found["disputes"].version) == ("新的争议条款", 2)


def test_a_kind_of_consulting_may_have_a_text_of_its_own():
    contract, _manager = drafted(contract_type="ZX", sub_type="ZX-evaluation")
    shared = {each.clause: each for each in texts_for(contract, on=clock.today())}
    own = text(clause="subject", concerns="ZX-evaluation", text="乙方出具分析评价报告。")
    keep_clause_text(text=own, by=person("officer"))

    found = {each.clause: each for each in texts_for(contract, on=clock.today())}

    assert (shared["subject"].concerns, found["subject"].concerns) == ("ZX-consulting", "ZX-evaluation")


def test_a_draft_bears_what_contract_and_deal_know():
    deal, seller, buyer = priced()
    contract = draft_contract_from_deal(deal, by=seller.manager, organisation=seller.organisation)
    items = [Item("专利权转让", 90 * WAN, True), Item("样机", 30 * WAN, False)]
    given = facts(contract_type="ZR", sub_type="ZR-patent", payment="instalments", buyer_uscc=deal.buyer.uscc)
    change_contract(contract, by=seller.manager, items=items, **given)
    attach_signed_file(contract, by=seller.manager, upload=scan())
    TermSheet.objects.create(
        deal=deal, version=1, side="seller", subject="含工艺文件一套", secrecy="保密五年", written_by=seller.manager,
        written_at=clock.now(),
    )  # fmt: skip
    accept_nda(deal, by=seller.manager, organisation=seller.organisation)
    accept_nda(deal, by=buyer.manager, organisation=buyer.organisation)
    plan_instalment(contract, by=seller.manager, due_on=date(2027, 3, 1), amount=60 * WAN, condition="资料交接后")
    plan_milestone(contract, by=seller.manager, title="交付技术资料", due_on=date(2027, 2, 1))

    made = assemble_draft(contract, by=seller.manager)

    pdf, docx = text_of(made.pdf.content.read()), words_of(made.docx)
    for words in (
        *(contract.buyer_name, seller.organisation.name, deal.buyer.uscc, "900,000.00", "1,200,000.00元"),
        *("双方约定：含工艺文件一套", "双方约定：保密五年", "资料交接后", "2027年3月1日", "交付技术资料"),
        *("接受保密条款（版本", "分期", "后续改进", "违约金", "仲裁"),
    ):
        assert words.replace(" ", "") in pdf, words
        assert words.replace(" ", "") in docx, words
    assert "NotoSansSC-Regular" in embedded_fonts(made.pdf.content.open().read())


def test_versions_stay_with_their_files_and_texts():
    contract, manager = drafted()
    first = assemble_draft(contract, by=manager)
    with translation.override("en"), pytest.raises(NothingNew, match="Version 1 says the same"):
        assemble_draft(contract, by=manager)
    keep_clause_text(text=text(), by=person("officer"))

    second = assemble_draft(contract, by=manager)

    first.refresh_from_db()
    assert [draft.version for draft in contract.drafts.all()] == [2, 1]
    assert first.clauses.get(clause="disputes").version == 1
    assert second.clauses.get(clause="disputes").version == 2
    assert first.pdf.sha256 != second.pdf.sha256
    assert "样例仲裁委员会" not in text_of(first.pdf.content.read())
    assert "样例仲裁委员会" in text_of(second.pdf.content.read())
    entry = Entry.objects.filter(kind=Kind.CONTRACT_ASSEMBLED).latest("id")
    assert entry.data == {"version": 2, "pdf": second.pdf.sha256, "docx": second.docx.sha256}


def test_a_clause_without_a_text_is_named():
    contract, manager = drafted()
    ClauseText.objects.filter(clause="breach").delete()

    with translation.override("en"), pytest.raises(ClausesMissing, match="breach of contract"):
        assemble_draft(contract, by=manager)

    with translation.override("zh-hans"), pytest.raises(ClausesMissing, match="违约责任"):
        assemble_draft(contract, by=manager)


def test_a_contract_that_was_sent_gets_no_draft():
    contract, manager = drafted()
    submit_contract(contract, by=manager)

    with pytest.raises(WrongState):
        assemble_draft(contract, by=manager)


def test_a_text_with_a_place_nobody_fills_in_is_refused():
    with pytest.raises(NotInOrder, match="price"):
        keep_clause_text(text=text(text="价款为 {price}。"), by=person("officer"))
    with pytest.raises(NotInOrder):
        keep_clause_text(text=text(text="价款为 {total。"), by=person("officer"))


def test_who_puts_together_reads_and_keeps():
    known = broker(user=person())
    buyer = organisation(kind="enterprise")
    contract, manager = registered(broker=known, buyer_uscc=buyer.uscc)
    people = {
        "manager": manager,
        "buyer": person(member_of=buyer, roles=["manager"]),
        "broker": known.user,
        "registrar": person("registrar"),
        "officer": person("officer"),
        "stranger": person(member_of=organisation(), roles=["manager"]),
    }

    def allowed(rule, *of):
        return {who for who, user in people.items() if why_not(rule, user, *of) is None}

    assert verbs(rules) == {"assemble_draft", "see_drafts", "read_deal_drafts", "keep_clause_text"}
    assert allowed(rules.assemble_draft, contract) == {"manager"}
    assert allowed(rules.see_drafts, contract) == {"manager", "buyer", "registrar", "officer"}
    assert allowed(rules.keep_clause_text) == {"officer"}
    with pytest.raises(PermissionDenied):
        keep_clause_text(text=text(), by=manager)


@pytest.mark.parametrize(("prefix", "called"), [("", "校验值"), ("/en", "Checksum")])
def test_the_checksum_of_the_signed_copy_stands_short_and_copyable_with_it(client, prefix, called):
    contract, manager = drafted()
    sign_in(client, manager)
    sha256 = contract.signed_file.sha256

    page = client.get(f"{prefix}/contracts/{contract.code}/").content.decode()

    assert f"<dt>{called} (SHA-256)</dt>" in page
    assert f'title="{sha256}">{sha256[:12]}…</span>' in page
    assert f'data-copy="{sha256}"' in page


def test_who_does_not_read_the_signed_copy_does_not_read_its_checksum(client):
    agent = person()
    contract, _ = registered(broker=broker(user=agent))
    sign_in(client, agent)

    page = client.get(contract.get_absolute_url())

    assert page.status_code == 200
    assert contract.signed_file.sha256 not in page.content.decode()


@pytest.mark.parametrize(("prefix", "said"), [("", "版本 1"), ("/en", "Version 1")])
def test_the_page_from_button_to_files(client, prefix, said):
    contract, manager = drafted()
    sign_in(client, manager)

    page = client.post(f"{prefix}/contracts/{contract.code}/drafts/assemble/", follow=True).content.decode()
    again = client.post(f"{prefix}/contracts/{contract.code}/drafts/assemble/", follow=True).content.decode()

    made = contract.drafts.get()
    assert said in page
    assert ('aria-current="page">' + ("Drafts of the contract" if prefix else "合同草案")) in page
    assert made.pdf.sha256 in page
    assert made.docx.sha256 in page
    assert contract.signed_file.sha256 in page
    assert ("says the same already" if prefix else "内容相同") in again
    assert b"".join(client.get(f"/files/{made.docx.code}/").streaming_content).startswith(b"PK")


def test_a_broker_reads_no_draft(client):
    known = broker(user=person())
    contract, manager = drafted(broker=known)
    made = assemble_draft(contract, by=manager)
    submit_contract(contract, by=manager)
    sign_in(client, known.user)

    assert client.get(f"/contracts/{contract.code}/").status_code == 200
    assert client.get(f"/contracts/{contract.code}/drafts/").status_code == 403
    assert client.get(f"/files/{made.pdf.code}/").status_code == 404
