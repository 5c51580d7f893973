"""The deal room: documents in versions, who opened them, marked PDFs, attachments, meetings, term sheets compared."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from marketplace.core import clock
from marketplace.core.files import MEBIBYTE, files_of
from marketplace.core.journal import Entry, Kind
from marketplace.core.watermark import NotMarkable
from marketplace.deals.actions import terminate_deal
from marketplace.deals.history import history
from marketplace.deals.parts import DealNote
from marketplace.deals.refusals import DealEnded, OutcomeWithoutMeeting, SubjectMissing, TermsUnchanged
from marketplace.deals.room import DealPaper, TermSheet
from marketplace.deals.rooms import compared, readings
from marketplace.deals.talking import add_deal_file, add_note, write_terms
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import PDF, broker, engage, enterprise, member, pdf, person
from tests.pdf_text import text_of

BROKEN = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def client_of(user):
    return sign_in(Client(), user)


def words(page):
    return page.content.decode()


def opened_by(user, file):
    return client_of(user).get(reverse("file-download", args=[file.code]))


def content_of(response):
    return b"".join(response.streaming_content)


def test_the_same_title_by_the_same_side_is_the_next_version(matched):
    deal, seller, buyer = matched
    one = broker()
    engage(deal, one, **seller.as_party)
    for party in (seller.as_party, seller.as_party, buyer.as_party, {"by": one.user, "organisation": None}):
        add_deal_file(deal, upload=pdf(), purpose="other", title="检测 报告", **party)
    add_deal_file(deal, upload=pdf(), purpose="nda", **buyer.as_party)

    kept = list(DealPaper.objects.values_list("side", "title", "version"))

    assert kept == [
        ("seller", "检测 报告", 1),
        ("seller", "检测 报告", 2),
        ("buyer", "检测 报告", 1),
        ("broker", "检测 报告", 1),
        ("buyer", "保密协议.pdf", 1),
    ]
    page = words(client_of(buyer.manager).get(deal.get_absolute_url()))
    assert all(reverse("file-download", args=[file.code]) in page for file in files_of(deal))
    assert "历史版本" in page


def test_a_pdf_that_cannot_be_marked_is_not_taken(matched):
    deal, seller, _buyer = matched

    with pytest.raises(NotMarkable):
        add_deal_file(deal, upload=pdf(content=BROKEN), purpose="other", **seller.as_party)

    sent = {"file": pdf(content=BROKEN), "purpose": "other"}
    page = client_of(seller.manager).post(reverse("deal-file", args=[deal.code]), sent)
    assert "无法加阅读人水印" in words(page)
    assert not DealPaper.objects.exists()


def big():
    return SimpleUploadedFile("图纸.pdf", PDF + b"\0" * 20 * MEBIBYTE)


@pytest.mark.parametrize(
    ("file", "wrong"),
    [
        (lambda: pdf("程序.exe", b"MZ\x90\x00 no document"), "不接受这种文件"),
        (big, "上限"),
        (lambda: pdf(content=BROKEN), "无法加阅读人水印"),
    ],
)
def test_a_missing_kind_and_a_wrong_file_are_told_at_once(file, wrong, matched):
    deal, seller, _buyer = matched

    page = client_of(seller.manager).post(
        reverse("deal-file", args=[deal.code]), {"file": file(), "title": "检测报告 甲", "purpose": ""}
    )

    errors = page.context["forms"]["file"].errors
    assert set(errors) == {"purpose", "file"}
    assert wrong in errors["file"][0]
    assert all(said in words(page) for said in (errors["file"][0], errors["purpose"][0], "检测报告 甲"))
    assert not DealPaper.objects.exists()


def test_everything_wrong_with_a_note_is_told_at_once(matched):
    deal, seller, _buyer = matched
    sent = {
        "text": "",
        "met_on": "",
        "outcome": "trial",
        "attached": [pdf("程序.exe", b"MZ\x90\x00 no document"), pdf()],
    }

    page = client_of(seller.manager).post(reverse("deal-note", args=[deal.code]), sent)

    errors = page.context["forms"]["note"].errors
    assert set(errors) == {"text", "met_on", "attached"}
    assert [each.startswith("程序.exe：") for each in errors["attached"]] == [True]
    assert not deal.notes.exists()


def test_a_good_file_is_not_blamed_for_the_missing_kind_and_what_is_mended_is_kept(matched):
    deal, seller, _buyer = matched
    reader, address = client_of(seller.manager), reverse("deal-file", args=[deal.code])

    refused = reader.post(address, {"file": pdf(), "title": "报告", "purpose": ""})
    taken = reader.post(address, {"file": pdf(), "title": "报告", "purpose": "other"})

    assert set(refused.context["forms"]["file"].errors) == {"purpose"}
    assert taken.status_code == 302
    assert DealPaper.objects.get().title == "报告"


def test_a_pdf_carries_its_reader_and_the_number_of_the_journal(matched):
    deal, seller, buyer = matched
    file = add_deal_file(deal, upload=pdf(), purpose="other", **seller.as_party)

    given = text_of(content_of(opened_by(buyer.manager, file)))

    entry = Entry.objects.get(kind=Kind.FILE_READ)
    assert buyer.manager.name in given
    assert f"#{entry.pk}" in given
    assert file.content.open("rb").read().startswith(b"%PDF")


def test_both_sides_read_who_opened_what(matched):
    deal, seller, buyer = matched
    file = add_deal_file(deal, upload=pdf("报告.pdf"), purpose="other", **seller.as_party)
    stranger = member(enterprise())
    content_of(opened_by(buyer.manager, file))
    assert opened_by(stranger, file).status_code == 404

    address = reverse("deal-readings", args=[deal.code])
    entry = Entry.objects.get(kind=Kind.FILE_READ)
    for party in (seller, buyer):
        page = words(client_of(party.manager).get(address))
        assert buyer.manager.name in page
        assert f"#{entry.pk}" in page
        assert "第 1 版" in page
    assert client_of(stranger).get(address).status_code == 404


def test_what_hangs_on_a_note_is_read_with_the_note(matched):
    deal, seller, buyer = matched
    shared = add_note(deal, text="附报价", attached=[pdf("报价.pdf")], **seller.as_party)
    own = add_note(deal, text="底价", is_shared=False, attached=[pdf("底价.pdf")], **seller.as_party)
    [offer], [floor] = files_of(shared), files_of(own)

    assert opened_by(buyer.manager, offer).status_code == 200
    assert opened_by(buyer.manager, floor).status_code == 404
    assert opened_by(seller.manager, floor).status_code == 200

    assert [entry.subject for entry in readings(deal)] == [offer]
    page = words(client_of(buyer.manager).get(deal.get_absolute_url()))
    assert "报价.pdf" in page
    assert "底价.pdf" not in page


def test_a_wrong_attachment_leaves_no_note(matched):
    deal, seller, _buyer = matched

    sent = {"text": "附件", "attached": pdf(content=b"MZ\x90\x00 not a document")}
    page = client_of(seller.manager).post(reverse("deal-note", args=[deal.code]), sent)

    assert "field--error" in words(page)
    assert not DealNote.objects.exists()


def test_a_meeting_has_minutes_and_what_came_of_it(matched):
    deal, seller, buyer = matched
    with pytest.raises(OutcomeWithoutMeeting):
        add_note(deal, text="没有会谈", outcome="trial", **seller.as_party)

    sent = {"text": "会谈纪要", "met_on": str(clock.today()), "participants": "双方", "outcome": "trial"}
    client_of(seller.manager).post(reverse("deal-note", args=[deal.code]), sent)

    note = DealNote.objects.get()
    assert (note.kind, note.outcome, note.text) == ("meeting", "trial", "会谈纪要")
    assert "先测试或提供样品" in words(client_of(buyer.manager).get(deal.get_absolute_url()))
    assert "a test or a sample first" in words(client_of(buyer.manager).get("/en" + deal.get_absolute_url()))


def test_what_happened_tells_the_day_of_a_meeting_written_down_later(matched):
    deal, seller, _buyer = matched
    held = clock.today() - timedelta(days=9)

    add_note(deal, text="上周会谈", met_on=held, **seller.as_party)

    [told] = [each for each in history(deal, seller.manager, deal.seller) if each["title"] == "举行会谈"]
    assert date_format(held) in told["detail"]


def test_term_sheets_are_compared_clause_by_clause(matched):
    deal, seller, buyer = matched
    write_terms(deal, subject="专利两件", price_terms="一次付清", **seller.as_party)
    second = client_of(buyer.manager).post(
        reverse("deal-terms", args=[deal.code]), {"subject": "专利两件", "price_terms": "分三期支付"}
    )
    assert second.status_code == 302

    newest, first = TermSheet.objects.all()
    differs = {row["label"]: row["differs"] for row in compared(first, newest)}

    assert [(sheet.version, sheet.side) for sheet in (first, newest)] == [(1, "seller"), (2, "buyer")]
    assert sum(differs.values()) == 1
    assert differs["价款与支付"]


@pytest.mark.parametrize(("language", "out", "into"), [("", "［删去：", "［新增："), ("/en", "[taken out:", "[added:")])
def test_changed_words_of_a_term_sheet_are_marked_for_the_eye_and_the_ear(language, out, into, matched):
    deal, seller, buyer = matched
    write_terms(deal, subject="专利两件", price_terms="总价80万元，一次付清", **seller.as_party)
    write_terms(deal, subject="专利两件", price_terms="总价180万元，一次付清", **buyer.as_party)

    page = words(client_of(seller.manager).get(language + reverse("deal-terms", args=[deal.code])))

    marks = re.findall(r"<(ins|del)>(.*?)</\1>", page)
    assert [(tag, re.sub(r"<[^>]*>", "", said)) for tag, said in marks] == [
        ("del", f"{out} 80{'］' if not language else ']'}"),
        ("ins", f"{into} 180{'］' if not language else ']'}"),
    ]


def test_a_version_of_the_terms_changes_something_and_says_so_beside_the_first_clause(matched):
    deal, seller, buyer = matched
    write_terms(deal, subject="专利两件", price_terms="一次付清", **seller.as_party)

    for party in (seller, buyer):
        with pytest.raises(TermsUnchanged, match="与第 1 版内容相同"):
            write_terms(deal, subject=" 专利两件 ", price_terms="一次付清", **party.as_party)
    address = reverse("deal-terms", args=[deal.code])
    page = client_of(seller.manager).post(address, {"subject": "专利两件", "price_terms": "一次付清"})
    write_terms(deal, subject="专利两件", price_terms="一次付清", other="试用一个月", **buyer.as_party)

    assert "与第 1 版内容相同" in page.content.decode()
    assert [sheet.version for sheet in deal.term_sheets.all()] == [2, 1]


def test_terms_say_something_in_a_deal_that_goes_on_and_by_who_is_in_it(matched):
    deal, seller, buyer = matched
    with pytest.raises(SubjectMissing):
        write_terms(deal, subject=" \x00 ", **seller.as_party)
    stranger = enterprise()
    with pytest.raises(PermissionDenied):
        write_terms(deal, subject="专利", by=member(stranger), organisation=stranger)
    with pytest.raises(PermissionDenied):
        write_terms(deal, subject="专利", by=person("auditor"), organisation=None)
    wrong = client_of(buyer.manager).post(reverse("deal-terms", args=[deal.code]), {"subject": ""})
    assert "field--error" in words(wrong)
    terminate_deal(deal, reason="路线调整", **seller.as_party)
    with pytest.raises(DealEnded):
        write_terms(deal, subject="专利", **seller.as_party)
    assert not TermSheet.objects.exists()


def test_readings_cost_the_same_for_one_and_for_three(matched):
    deal, seller, buyer = matched
    reader, address = client_of(seller.manager), reverse("deal-readings", args=[deal.code])
    file = add_deal_file(deal, upload=pdf(), purpose="other", **seller.as_party)
    content_of(opened_by(buyer.manager, file))
    reader.get(address)
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            reader.get(address)
        costs.append(len(captured))
        for _again in range(2):
            content_of(opened_by(buyer.manager, file))

    assert costs[0] == costs[1]
    assert readings(deal).count() == 5


def test_readings_lead_on_to_the_next_page(monkeypatch, matched):
    monkeypatch.setattr("marketplace.deals.rooms.ON_A_PAGE", 1)
    deal, seller, buyer = matched
    file = add_deal_file(deal, upload=pdf(), purpose="other", **seller.as_party)
    for _reading in range(2):
        content_of(opened_by(buyer.manager, file))

    page = client_of(seller.manager).get(reverse("deal-readings", args=[deal.code])).content.decode()

    assert 'href="?page=2"' in page
