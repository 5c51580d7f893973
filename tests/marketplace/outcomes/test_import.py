"""An institute's list on its way to drafts."""

import io
import re
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from marketplace.core import clock
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.files import keep
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes.actions import draft_outcome
from marketplace.outcomes.completeness import SHORTEST_SUMMARY, missing_in
from marketplace.outcomes.imports import actions, correcting
from marketplace.outcomes.imports.actions import TooLate, check_import, take_back_import, write_drafts
from marketplace.outcomes.imports.cells import Lookups, read_cell
from marketplace.outcomes.imports.models import OutcomeImport
from marketplace.outcomes.imports.wrong import WrongCell
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.drafts import delete_draft, save_draft
from marketplace.reviews.history import timeline
from tests.factories.people import member, organisation, person, sign_in

HEAD = "成果名称,公开简介,技术领域,成熟度,转化方式,价格（万元）,专利号\n"
GOOD = "阀门密封,唇形密封零下一百九十六度可用,新材料及其应用,TRL 7,普通许可,80–160,ZL201410424697.5\n"
WRONG = "锁体切削,超声波切削工艺,新材料及其应用,10 级,普通许可,50–25,ZL201410424697.4\n"


@pytest.fixture
def institute(db):
    TechnicalField.objects.create(code="05", name="新材料及其应用")
    return organisation(manager=person(), kind="institute", name="样例研究院甲")


@pytest.fixture
def publisher(institute):
    return member(institute, MemberRole.PUBLISHER)


def upload(institute, by, text):
    batch = actions.upload_sheet(institute, by=by, upload=SimpleUploadedFile("成果.csv", text.encode("gb18030")))
    check_import(batch)
    batch.refresh_from_db()
    return batch


def take_over(batch, by):
    actions.take_over_import(batch, by=by)
    write_drafts(batch, by=by)
    batch.refresh_from_db()


def test_good_rows_become_drafts_and_wrong_rows_stay_with_their_reasons(institute, publisher):
    batch = upload(institute, publisher, HEAD + GOOD + WRONG)

    assert batch.counts() | {"good": 1, "wrong": 1} == batch.counts()
    take_over(batch, publisher)

    outcome = ResearchOutcome.objects.get()
    assert (outcome.title, outcome.trl, outcome.live, outcome.owner) == ("阀门密封", 7, False, institute)
    assert (outcome.price_low, outcome.price_high) == (80_000_000, 160_000_000)
    assert [right.number for right in outcome.newest_version.ip_rights.all()] == ["ZL201410424697.5"]
    assert batch.counts()["taken"] == 1


def test_what_a_row_says_stands_in_the_tables_and_in_the_version(institute, publisher):
    Industry.objects.create(code="C3443", name="阀门制造")
    head, row = HEAD.strip() + ",所属行业,完成人\n", GOOD.strip() + ",C3443,张三、李四\n"

    take_over(upload(institute, publisher, head + row), publisher)

    outcome = ResearchOutcome.objects.get()
    for written in (outcome, outcome.newest_version):
        assert [industry.code for industry in written.industries.all()] == ["C3443"]
        assert [inventor.name for inventor in written.inventors.all()] == ["张三", "李四"]


def test_a_holder_the_platform_knows_by_its_name_is_asked_and_needs_no_written_consent(institute, publisher):
    partner = organisation(name="瓯江样例科技有限公司")
    head, row = HEAD.strip() + ",权利人\n", GOOD.strip() + ",样例研究院甲 50；瓯江样例科技有限公司 30；平台外大学 20\n"

    batch = upload(institute, publisher, head + row)
    assert "owners" in batch.rows.get().lacks
    take_over(batch, publisher)

    version = ResearchOutcome.objects.get().newest_version
    assert [row.organisation for row in version.co_owners.all()] == [institute, partner, None]
    assert [sentence for sentence in missing_in(version)["co_owners"] if "瓯江" in sentence] == []
    assert "平台外大学" in str(missing_in(version)["co_owners"])


def test_the_same_file_twice_doubles_nothing(institute, publisher):
    take_over(upload(institute, publisher, HEAD + GOOD), publisher)

    again = upload(institute, publisher, HEAD + GOOD)

    assert again.counts()["known"] == 1
    with pytest.raises(actions.NothingGood):
        actions.take_over_import(again, by=publisher)
    assert ResearchOutcome.objects.count() == 1


def test_two_imports_of_the_same_rows_at_once_double_nothing(institute, publisher):
    first, second = upload(institute, publisher, HEAD + GOOD), upload(institute, publisher, HEAD + GOOD)

    take_over(first, publisher)
    take_over(second, publisher)

    assert ResearchOutcome.objects.count() == 1
    assert second.counts()["known"] == 1


def test_a_failure_in_the_middle_takes_over_nothing(institute, publisher, monkeypatch):
    batch = upload(institute, publisher, HEAD + GOOD + GOOD.replace("阀门", "泵壳"))
    actions.take_over_import(batch, by=publisher)
    real, calls = actions.draft_from_row, []

    def fails_on_the_second(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError("the worker dies")
        return real(*args, **kwargs)

    monkeypatch.setattr(actions, "draft_from_row", fails_on_the_second)
    with pytest.raises(RuntimeError):
        write_drafts(batch, by=publisher)
    nothing = ResearchOutcome.objects.count()
    monkeypatch.setattr(actions, "draft_from_row", real)
    write_drafts(batch, by=publisher)

    assert nothing == 0
    assert ResearchOutcome.objects.count() == 2


def test_is_taken_back_within_a_day_but_edited_drafts_stay(client, institute, publisher):
    batch = upload(institute, publisher, HEAD + GOOD + GOOD.replace("阀门", "泵壳"))
    take_over(batch, publisher)
    edited = ResearchOutcome.objects.get(title="泵壳密封")
    edited.save_revision(user=publisher, clean=False)

    stayed = take_back_import(batch, by=publisher)
    sign_in(client, publisher)
    page = client.get(batch.get_absolute_url()).content.decode()

    assert stayed == 1
    assert list(ResearchOutcome.objects.all()) == [edited]
    assert "删除草稿 1 份" in page
    assert "其后已修改或送审的 1 份保留" in page
    assert '<dt>已撤回</dt><dd><span class="money money--xl">1<small>' in page


def test_is_not_taken_back_after_a_day(institute, publisher):
    batch = upload(institute, publisher, HEAD + GOOD)
    take_over(batch, publisher)

    with clock.moved_to(clock.now() + timedelta(hours=24)), pytest.raises(TooLate):
        take_back_import(batch, by=publisher)

    assert ResearchOutcome.objects.count() == 1


@pytest.mark.parametrize("who", ["stranger", "bidder", "enterprise"])
def test_only_publishers_of_an_institute_import(client, institute, publisher, who):
    people = {
        "stranger": person(),
        "bidder": member(institute, MemberRole.BIDDER),
        "enterprise": member(organisation(), MemberRole.PUBLISHER),
    }
    batch = upload(institute, publisher, HEAD + GOOD)
    sign_in(client, people[who])

    new = client.post("/outcomes/import/", {"file": SimpleUploadedFile("a.csv", (HEAD + GOOD).encode())})
    over = client.post(f"/outcomes/import/{batch.code}/take-over/")

    batch.refresh_from_db()
    assert new.status_code in (403, 302)
    assert over.status_code in (403, 404)
    assert batch.state == "checked"
    assert OutcomeImport.objects.count() == 1


def test_the_pages_from_upload_to_correction(client, institute, publisher):
    sign_in(client, publisher)
    upload_page = client.get("/outcomes/import/")
    unreadable = client.post("/outcomes/import/", {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")})
    sent = client.post("/outcomes/import/", {"file": SimpleUploadedFile("a.csv", (HEAD + WRONG).encode())})
    batch = OutcomeImport.objects.get()
    running = client.get(f"/outcomes/import/{batch.code}/progress/")
    check_import(batch)

    checked = client.get(sent.url).content.decode()
    row_page = client.get(f"/outcomes/import/{batch.code}/rows/2/").content.decode()
    typed = {"title": "锁体切削", "summary": "超声波切削工艺", "field": "新材料及其应用", "trl": "8",
             "modes": "普通许可", "price": "25–50", "ip": "ZL201410424697.5"}  # fmt: skip
    client.post(f"/outcomes/import/{batch.code}/rows/2/", typed)

    assert upload_page.status_code == 200
    assert unreadable.context["form"].errors["file"]
    assert "HX-Refresh" not in running
    assert "校验位应为 5，现为 4" in checked
    assert "成熟度是 1 到 9" in checked
    assert "是否写反了" in row_page
    assert batch.counts()["good"] == 1


def test_rows_are_skipped_restored_and_suggestions_used(client, institute, publisher):
    batch = upload(institute, publisher, HEAD + WRONG.replace("10 级", "7").replace("697.4", "697.5"))
    sign_in(client, publisher)

    there = client.post(f"/outcomes/import/{batch.code}/rows/2/skip/?show=wrong").url
    assert there == f"/outcomes/import/{batch.code}/?show=wrong#row-2"
    skipped = batch.counts()["skipped"]
    client.post(f"/outcomes/import/{batch.code}/rows/2/restore/")
    client.post(f"/outcomes/import/{batch.code}/rows/2/suggestion/price/")

    assert skipped == 1
    assert batch.counts()["good"] == 1


def test_the_template_and_the_annotated_sheet_are_workbooks(client, institute, publisher):
    batch = upload(institute, publisher, HEAD + WRONG)
    sign_in(client, publisher)

    template = load_workbook(io.BytesIO(client.get("/outcomes/import/template.xlsx").content))
    notes = load_workbook(io.BytesIO(client.get(f"/outcomes/import/{batch.code}/annotated.xlsx").content))

    assert template.worksheets[0]["A1"].value == "成果名称*"
    assert any(cell.comment and "校验位" in cell.comment.text for cell in notes.worksheets[0][2])


def test_other_columns_are_mapped_by_hand(client, institute, publisher):
    text = HEAD.replace("成熟度", "等级说明") + GOOD
    batch = upload(institute, publisher, text)
    unmapped = batch.counts()["wrong"]
    sign_in(client, publisher)
    chosen = {f"column_{index}": key for index, key in enumerate(batch.mapping)} | {"column_3": "trl"}

    twice = client.post(f"/outcomes/import/{batch.code}/columns/", chosen | {"column_4": "trl"})
    client.post(f"/outcomes/import/{batch.code}/columns/", chosen)
    batch.refresh_from_db()
    check_import(batch)

    assert unmapped == 1
    assert twice.status_code == 200
    assert batch.counts()["good"] == 1


def test_two_thousand_rows_are_checked_and_taken_over_in_one_piece(institute, publisher):
    rows = "".join(GOOD.replace("阀门密封", f"阀门密封第 {number} 型") for number in range(2000))
    started = time.monotonic()
    batch = upload(institute, publisher, HEAD + rows)
    checked = time.monotonic() - started

    take_over(batch, publisher)

    assert ResearchOutcome.objects.count() == 2000
    assert ResearchOutcome.objects.values("number").distinct().count() == 2000
    assert batch.progress() == (2000, 2000)
    assert checked < 60
    with CaptureQueriesContext(connection) as taking_back:
        assert take_back_import(batch, by=publisher) == 0
    assert not ResearchOutcome.objects.exists()
    assert len(taking_back) < 10 * 2000, "each draft costs a few questions: a person waits for the answer"


def test_a_draft_the_importer_went_on_writing_stays_when_the_import_is_taken_back(institute, publisher):
    batch = upload(institute, publisher, HEAD + GOOD + GOOD.replace("阀门", "泵壳"))
    take_over(batch, publisher)
    draft = ResearchOutcome.objects.get(title="泵壳密封").newest_version
    draft.summary = "同一个人接着写的简介"
    save_draft(draft, by=publisher)

    assert take_back_import(batch, by=publisher) == 1
    assert ResearchOutcome.objects.get().newest_version.summary == "同一个人接着写的简介"


def test_the_history_of_an_imported_draft_says_how_it_began(institute, publisher):
    take_over(upload(institute, publisher, HEAD + GOOD), publisher)
    outcome = ResearchOutcome.objects.get()

    (began,) = timeline(outcome)

    assert (str(began["title"]), began["at"], began["detail"]) == ("成果起草", outcome.drafted_at, str(publisher))


def test_taking_back_names_what_it_deleted_and_withdraws_its_files(institute, publisher):
    batch = upload(institute, publisher, HEAD + GOOD)
    take_over(batch, publisher)
    outcome = ResearchOutcome.objects.get()
    left = keep(SimpleUploadedFile("证书.pdf", b"%PDF-1.7 x\n%%EOF\n"), subject=outcome, by=publisher)

    take_back_import(batch, by=publisher)

    entry = Entry.objects.about(batch).get(kind=Kind.IMPORT_TAKEN_BACK)
    left.refresh_from_db()
    assert entry.data == {"deleted": 1, "kept": 0, "numbers": [outcome.number]}
    assert left.withdrawn_at is not None


def test_corrections_of_rows_are_in_the_journal_without_their_text(institute, publisher):
    batch = upload(institute, publisher, HEAD + WRONG)
    row = batch.rows.get()

    correcting.correct_row(row, by=publisher, cells={"trl": "8", "price": "25–50", "ip": "ZL201410424697.5"})
    correcting.skip_row(row, by=publisher)
    correcting.restore_row(row, by=publisher)
    correcting.keep_row(row, by=publisher)

    written = Entry.objects.about(batch).filter(kind=Kind.IMPORT_CHANGED).order_by("pk")
    assert [entry.data for entry in written] == [
        {"line": 2, "what": "corrected", "columns": ["ip", "price", "trl"]},
        {"line": 2, "what": "skipped"},
        {"line": 2, "what": "restored"},
        {"line": 2, "what": "kept"},
    ]
    assert {entry.actor for entry in written} == {publisher}
    assert {entry.on_behalf_of for entry in written} == {institute}


def test_the_pages_of_imports_ask_the_same_number_of_questions_for_one_and_three(client, institute, publisher):
    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    sign_in(client, publisher)
    wrong = [WRONG.replace("锁体切削", f"锁体切削{number}") for number in range(3)]
    small, large = upload(institute, publisher, HEAD + wrong[0]), upload(institute, publisher, HEAD + "".join(wrong))
    client.get(small.get_absolute_url())
    of_large = queries(large.get_absolute_url())
    with_two = queries("/outcomes/import/")
    upload(institute, publisher, HEAD + GOOD)
    upload(institute, publisher, HEAD + GOOD)

    assert of_large == queries(small.get_absolute_url())
    assert with_two == queries("/outcomes/import/")


def test_the_example_of_the_template_is_no_outcome(client, institute, publisher):
    sign_in(client, publisher)
    book = load_workbook(io.BytesIO(client.get("/outcomes/import/template.xlsx").content))
    untouched = io.BytesIO()
    book.save(untouched)
    example = [cell.value for cell in book.worksheets[0][2]]
    book.worksheets[0].append(["示例：阀门密封技术", *example[1:]])
    filled = io.BytesIO()
    book.save(filled)

    alone = client.post("/outcomes/import/", {"file": SimpleUploadedFile("模板.xlsx", untouched.getvalue())})
    client.post("/outcomes/import/", {"file": SimpleUploadedFile("成果.xlsx", filled.getvalue())})

    assert "file" in alone.context["form"].errors
    assert [row.line for row in OutcomeImport.objects.get().rows.all()] == [3]


def test_a_wrong_cell_is_marked_in_a_column_that_is_shown_for_it_and_a_double_names_its_row(
    client, institute, publisher
):
    head, shares = HEAD.rstrip("\n") + ",权利人及份额\n", ",样例研究院甲 50%；样例研究院乙 40%\n"
    short = GOOD.rstrip("\n") + shares
    batch = upload(institute, publisher, head + short + GOOD.rstrip("\n") + ",\n" + GOOD.rstrip("\n") + ",\n")
    sign_in(client, publisher)

    page = client.get(batch.get_absolute_url())

    wrong, double = page.context["rows"]
    assert [(column.key, text) for column, text, problem in wrong["cells"] if problem] == [("owners", shares[1:-1])]
    assert re.search(r'data-label="权利人及份额"[^>]*class="wrong"[^>]*>样例研究院甲 50%', page.content.decode())
    assert (double["row"].line, double["same_as"]) == (4, 3)
    assert "与第 3 行相同" in page.content.decode()


def test_what_a_review_will_ask_for_is_said_before_the_rows_are_taken_over(client, institute, publisher):
    whole = (
        "阀门密封,唇形密封在零下一百九十六度的液氮中保持弹性，用于低温阀门与泵，替代进口产品。,新材料及其应用,7,普通许可,"
        "80–160,发明 ZL201410424697.5,张三,首次应用证明\n"
    )
    head = HEAD.rstrip("\n") + ",完成人,成熟度证明\n"
    little = whole.replace("阀门密封", "泵壳").replace("张三", "").replace("首次应用证明", "")
    wrong = little.replace("泵壳", "锁体").replace(",7,", ",12,")
    batch = upload(institute, publisher, head + whole + little + wrong)
    rows = list(batch.rows.all())
    assert [row.lacks for row in rows] == [[], ["evidence", "inventors"], None]

    sign_in(client, publisher)
    page = client.get(f"{batch.get_absolute_url()}?show=good")

    assert (page.context["complete"], [(column.key, number) for column, number in page.context["lacks"]]) == (
        1,
        [("evidence", 1), ("inventors", 1)],
    )
    cells = {column.key: problem for column, _text, problem in page.context["rows"][1]["cells"]}
    assert cells["inventors"].tone == cells["evidence"].tone == "later"
    assert not any(problem for _column, _text, problem in page.context["rows"][0]["cells"])
    form = client.get(f"{batch.get_absolute_url()}rows/{rows[1].line}/").context["form"]
    assert form.fields["inventors"].help_text
    assert not form.errors
    correcting.correct_row(rows[1], by=publisher, cells={"inventors": "李四"})
    rows[1].refresh_from_db()
    assert rows[1].lacks == ["evidence"]

    take_over(batch, publisher)
    drafts = ResearchOutcome.objects.order_by("number")
    assert [sorted(missing_in(draft)) for draft in drafts] == [[], ["trl_evidence"]]


def test_what_cannot_be_read_stays_in_the_form_and_the_row_keeps_what_stood_there(client, institute, publisher):
    batch = upload(institute, publisher, HEAD + WRONG)
    sign_in(client, publisher)
    address = f"{batch.get_absolute_url()}rows/2/"
    typed = {"title": "", "summary": "超声波切削", "field": "新材料及其应用", "trl": "8", "modes": "普通许可",
             "price": "abc", "ip": "ZL201410424697.4"}  # fmt: skip

    page = client.post(address, typed)

    row = batch.rows.get()
    cells = row.cells(batch.mapping)
    assert (cells["title"], cells["price"], cells["trl"], cells["summary"]) == ("锁体切削", "50–25", "8", "超声波切削")
    assert row.verdict == "wrong"
    form = page.context["form"]
    assert [form[name].value() for name in ("title", "price")] == ["", "abc"]
    assert "该行仍为“锁体切削”" in form.errors["title"][0]
    assert "该行仍为“50–25”" in form.errors["price"][0]
    assert "校验位" in form.errors["ip"][0]
    assert 'value="abc"' in page.content.decode()
    entry = Entry.objects.about(batch).filter(kind=Kind.IMPORT_CHANGED).get()
    assert entry.data["columns"] == ["summary", "trl"]

    right = client.post(address, typed | {"title": "锁体切削", "price": "25–50", "ip": "ZL201410424697.5"})
    worse = client.post(address, typed | {"title": "锁体切削", "price": "1", "ip": "ZL201410424697.4"})

    assert right.url == batch.get_absolute_url()
    assert worse.status_code == 200
    row.refresh_from_db()
    assert (row.verdict, row.cells(batch.mapping)["price"], row.cells(batch.mapping)["ip"]) == (
        "good", "1", "ZL201410424697.5"
    )  # fmt: skip


def test_whoever_comes_too_late_is_told_what_happened_by_whom_and_when(client, institute, publisher):
    batch = upload(institute, publisher, HEAD + GOOD + WRONG)
    address = batch.get_absolute_url()
    sign_in(client, publisher)

    def told(response):
        shown = client.get(response.url) if response.status_code == 302 else response
        return " ".join(map(str, shown.context["messages"]))

    take_over(batch, publisher)
    accepted = timezone.localtime(Entry.objects.get(kind=Kind.IMPORT_TAKE_OVER_ASKED).recorded_at)
    said = f"{publisher}已于 {accepted:%Y-%m-%d %H:%M} 接收本次导入"
    assert said in told(client.post(f"{address}take-over/"))
    assert said in told(client.get(f"{address}rows/3/"))
    assert said in told(client.get(f"{address}columns/"))
    assert said in told(client.post(f"{address}rows/3/skip/"))
    late = client.post(f"{address}rows/3/", {"title": "新题目"})
    assert said in str(late.context["form"].non_field_errors())
    assert late.context["form"]["title"].value() == "新题目"
    take_back_import(batch, by=publisher)

    assert f"{publisher}已于" in told(client.post(f"{address}take-back/"))
    assert "撤回本次导入" in told(client.post(f"{address}take-back/"))
    assert "撤回本次导入" in told(client.get(f"{address}rows/2/"))
    assert not ResearchOutcome.objects.exists()


def test_the_number_of_a_deleted_draft_is_given_to_nothing_else(institute, publisher):
    batch = upload(institute, publisher, HEAD + GOOD + GOOD.replace("阀门", "泵壳"))
    take_over(batch, publisher)
    given = set(ResearchOutcome.objects.values_list("number", flat=True))
    take_back_import(batch, by=publisher)

    later = draft_outcome(organisation=institute, by=publisher, title="手写")
    delete_draft(later, by=publisher)
    last = draft_outcome(organisation=institute, by=publisher, title="手写")

    assert not {later.number, last.number} & given
    assert later.number < last.number
    assert max(given) < later.number


def test_what_is_handed_back_keeps_the_columns_of_the_sheet_and_is_read_without_ours(client, institute, publisher):
    head = HEAD.replace("专利号", "备注,专利号").replace("\n", ",成果名称\n")
    batch = upload(institute, publisher, head + WRONG.replace("ZL", "内部用,ZL").replace("\n", ",别名\n"))
    sign_in(client, publisher)
    page = client.get(batch.get_absolute_url()).content.decode()
    labels = [str(field.label) for field in client.get(f"{batch.get_absolute_url()}columns/").context["form"]]
    handed = client.get(f"{batch.get_absolute_url()}annotated.xlsx").content

    sheet = load_workbook(io.BytesIO(handed)).active
    client.post("/outcomes/import/", {"file": SimpleUploadedFile("批注.xlsx", handed)})
    again = OutcomeImport.objects.first()

    assert "“成果名称”出现不止一次" in page
    assert "“备注”没有对应，不导入" in page
    assert "“成果名称”没有对应" not in page
    assert labels[0] == "成果名称（此列名出现两次，第 1 列）"
    assert [cell.value for cell in sheet[1]][-2:] == ["备注", "成果名称"]
    assert [cell.value for cell in sheet[2]][-2:] == ["内部用", "别名"]
    assert "行" not in again.headings
    assert again.rows.get().cells(again.mapping)["title"] == "锁体切削"
    assert again.headings[0] == "成果名称"


def test_no_column_of_the_mapping_is_called_optional(client, institute, publisher):
    batch = upload(institute, publisher, HEAD.replace("成果名称", "成果名称*") + GOOD)
    sign_in(client, publisher)

    page = client.get(f"{batch.get_absolute_url()}columns/").content.decode()

    assert ">成果名称</label>" in page
    assert "选填" not in page


def test_no_wrong_cell_is_not_said_to_be_all_right_while_the_review_will_ask_for_more(client, institute, publisher):
    batch = upload(institute, publisher, HEAD + GOOD)
    sign_in(client, publisher)

    page = client.get(batch.get_absolute_url()).content.decode()

    assert "全部正确" not in page
    assert "没有错误的单元格" in page


def test_the_template_says_how_each_column_is_filled_in_and_the_form_offers_the_words(client, institute, publisher):
    batch = upload(institute, publisher, HEAD + WRONG)
    sign_in(client, publisher)

    book = load_workbook(io.BytesIO(client.get("/outcomes/import/template.xlsx").content))
    form = client.get(f"{batch.get_absolute_url()}rows/2/").content.decode()

    said = {row[0]: row[2] for row in book["填写说明"].values}
    assert f"至少 {SHORTEST_SUMMARY} 个字" in said["公开简介"]
    assert all(said[name] for name in ("权利人及份额", "知识产权", "保密内容"))
    assert book.worksheets[0].title == "成果清单"
    assert any(cell.comment and "分号" in cell.comment.text for cell in book.worksheets[0][1])
    example = re.search(r"：([^：]*60；[^；]*40)$", said["权利人及份额"])[1]
    rights = re.search(r"：(发明 .*；技术秘密)。", said["知识产权"])[1]
    lookups = Lookups.load()
    with pytest.raises(WrongCell, match="可填的词"):
        read_cell("field", "炼金术", lookups)
    assert "新材料及其应用" in {row[1] for row in book["可填的词"].values}
    assert len(read_cell("owners", example, lookups)["owners"]) == 2
    read = read_cell("ip", rights, lookups)["ip_rights"]
    assert [kind for kind, _number in read] == ["invention", "software", "secret"]
    assert 'list="known-field"' in form
    assert '<option value="新材料及其应用">' in form
