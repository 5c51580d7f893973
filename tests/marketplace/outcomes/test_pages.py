"""Pages of outcomes as people of every kind see them."""

import copy
import re
from collections import Counter
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core.classifications import TechnicalField
from marketplace.core.journal import Entry, Kind
from marketplace.outcomes.actions import submit_outcome
from marketplace.outcomes.availability import disclose_outcome, reserve_outcome
from marketplace.outcomes.forms import HolderForm
from marketplace.outcomes.papers import attach_outcome_file
from marketplace.outcomes.parts import CoOwner
from marketplace.outcomes.wording import files_shown
from marketplace.reviews.actions import recall_review, return_review
from marketplace.reviews.drafts import mark_for_new_page, mark_of, save_draft
from tests.factories.people import sign_in
from tests.factories.pictures import picture_bytes
from tests.marketplace.outcomes.making import SUMMARY, Institute, fill, fresh, organisation, patent, person

PNG = picture_bytes("PNG")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture
def institute(lasting_institute, for_now):
    return copy.deepcopy(lasting_institute)


@pytest.fixture
def beginner(institute):
    """An institute that has no outcome yet."""
    return Institute()


@pytest.fixture
def as_publisher(client, institute):
    sign_in(client, institute.publisher)
    return client


def typed(outcome, **changed):
    """Return what the edit form of a complete draft posts."""
    data = {
        "title": "低功耗指静脉识别锁用模组",
        "summary": SUMMARY,
        "trl": "7",
        "trl_evidence": "field_test",
        "modes": ["ordinary"],
        "price_low": "80",
        "price_high": "180",
        "field": str(fill(outcome).field.pk),
        "ip_rights-TOTAL_FORMS": "1",
        "ip_rights-INITIAL_FORMS": "0",
        "ip_rights-0-kind": "invention",
        "ip_rights-0-number": patent(),
        "ip_rights-0-title": "采集装置",
        "co_owners-TOTAL_FORMS": "1",
        "co_owners-INITIAL_FORMS": "1",
        "co_owners-0-name": outcome.owner.name,
        "co_owners-0-share": "100",
        "inventors-TOTAL_FORMS": "1",
        "inventors-INITIAL_FORMS": "0",
        "inventors-0-name": "沈一鸣",
    }
    return data | changed


def _repeated_ids(page):
    found = re.findall(r'\sid="([^"]+)"', page.content.decode())
    return [each for each, count in Counter(found).items() if count > 1 and "__prefix__" not in each]


def test_a_draft_begins_with_its_title(client, beginner):
    sign_in(client, beginner.publisher)
    response = client.post(reverse("outcome-new"), {"title": "无氰电镀"})

    outcome = beginner.organisation.outcomes.get()
    assert response.url == reverse("outcome-edit", args=[outcome.number])
    assert (outcome.live, outcome.drafted_by) == (False, beginner.publisher)
    assert outcome.number.startswith("CG-")


def test_who_does_not_begin_a_draft_goes_back_to_the_list(as_publisher):
    page = as_publisher.get(reverse("outcome-new")).content.decode()

    assert f'<a class="btn btn--quiet" href="{reverse("outcome-mine")}">' in page


def test_edit_save_submit(as_publisher, institute):
    outcome = institute.drafted
    address = reverse("outcome-edit", args=[outcome.number])
    assert as_publisher.get(address).status_code == 200

    saved = as_publisher.post(address, typed(outcome, title="改后的名称", action="save"))
    assert saved.status_code == 302
    assert fresh(outcome).newest_version.title == "改后的名称"
    assert fresh(outcome).newest_version.price_high == 180_000_000

    sent = as_publisher.post(address, typed(outcome, action="submit", declared="1"))
    assert sent.url == outcome.get_absolute_url()
    assert fresh(outcome).pending_review is not None
    assert as_publisher.get(address).url == fresh(outcome).review_url


def test_without_the_declaration_it_is_saved_but_not_sent(as_publisher, institute):
    outcome = institute.drafted

    response = as_publisher.post(reverse("outcome-edit", args=[outcome.number]), typed(outcome, action="submit"))

    assert response.status_code == 200
    assert 'id="declared_error"' in response.content.decode()
    assert _repeated_ids(response) == []
    assert 'href="#declared"' in response.content.decode()
    assert fresh(outcome).pending_review is None


@pytest.mark.parametrize("summary", ["太短", None])
def test_what_is_missing_is_counted_the_same_before_and_after_sending(as_publisher, institute, summary):
    outcome = institute.drafted
    address, changed = reverse("outcome-edit", args=[outcome.number]), {"summary": summary} if summary else {}
    as_publisher.post(address, typed(outcome, action="save", **changed))

    before = as_publisher.get(address).context["missing_count"]
    listed = len(as_publisher.get(address + "?check=1").context["editing"].missing)
    sent = as_publisher.post(address, typed(outcome, action="submit", **changed))

    assert before == listed == len(sent.context["editing"].missing) == (2 if summary else 1)
    assert "#declared" in [f"#{anchor}" for anchor, _sentence in sent.context["editing"].missing]
    assert fresh(outcome).pending_review is None


WRONG_ROWS = {
    "inventors-TOTAL_FORMS": "3",
    "inventors-1-name": "长" * 61,
    "inventors-2-name": "长" * 61,
    "inventors-2-DELETE": "on",  # taken away: nothing to change there
    "ip_rights-0-kind": "nonsense",
    "co_owners-0-share": "一半",
}


@pytest.mark.parametrize(("action", "words"), [("save", "有 3 处需要改"), ("submit", "还缺 3 项，补齐后才能提交审核")])
def test_the_box_on_top_lists_what_is_wrong_in_the_rows_of_the_tables(as_publisher, institute, action, words):
    outcome = institute.drafted
    sent = typed(outcome, action=action, declared="1", **WRONG_ROWS)

    page = as_publisher.post(reverse("outcome-edit", args=[outcome.number]), sent).content.decode()

    box = page.partition("data-error-summary")[2].partition("</div>")[0]
    links = re.findall(r'<a href="#([^"]+)">([^<]*)</a>', box)
    assert [anchor for anchor, _words in links] == [
        "id_inventors-1-name",
        "id_ip_rights-0-kind",
        "id_co_owners-0-share",
    ]
    assert links[0][1].startswith("完成人 2、姓名：")
    assert words in box
    assert all(f'id="{anchor}"' in page for anchor, _words in links)
    assert page.count("data-error-summary") == 1


def test_what_cannot_be_read_in_the_text_and_in_the_rows_is_counted_together(as_publisher, institute):
    outcome = institute.drafted
    sent = typed(outcome, action="save", price_low="很多", **WRONG_ROWS)

    page = as_publisher.post(reverse("outcome-edit", args=[outcome.number]), sent).content.decode()

    box = page.partition("data-error-summary")[2].partition("</div>")[0]
    assert "有 4 处需要改" in box
    assert box.count("<li>") == 4


def test_a_right_that_cannot_be_sent_is_linked_where_it_stands_though_a_row_before_it_is_empty(as_publisher, institute):
    outcome = institute.drafted
    rights = {"ip_rights-TOTAL_FORMS": "3", "ip_rights-0-kind": "", "ip_rights-0-number": "", "ip_rights-0-title": ""}
    rights |= {"ip_rights-1-kind": "software", "ip_rights-1-number": "2024SR0000003"}
    rights |= {"ip_rights-2-kind": "software", "ip_rights-2-number": "2024SR0000003"}

    sent = typed(outcome, action="submit", declared="1", **rights)
    page = as_publisher.post(reverse("outcome-edit", args=[outcome.number]), sent)

    assert [anchor for anchor, _words in page.context["editing"].missing] == ["id_ip_rights-2-number"]
    assert 'id="id_ip_rights-2-number_error"' in page.content.decode()
    assert 'id="id_ip_rights-1-number_error"' not in page.content.decode()


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(as_publisher, institute):
    outcome = institute.drafted
    right = patent()
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    data = typed(
        outcome,
        action="submit",
        declared="1",
        price_low="很多",
        summary="太短",
        **{"ip_rights-0-number": wrong, "co_owners-0-share": "95"},
    )

    page = as_publisher.post(reverse("outcome-edit", args=[outcome.number]), data)
    text = page.content.decode()

    assert page.status_code == 200
    assert 'value="很多"' in text
    assert "太短" in text
    assert wrong in text
    assert 'id="id_price_low_error"' in text
    assert 'href="#id_price_low"' in text
    assert 'id="id_ip_rights-0-number_error"' in text  # what cannot be sent is told with what cannot be read
    assert fresh(outcome).newest_version.summary == "太短"
    assert fresh(outcome).pending_review is None

    page = as_publisher.post(reverse("outcome-edit", args=[outcome.number]), data | {"price_low": "80"})
    text = page.content.decode()
    assert 'href="#id_summary"' in text
    assert 'href="#ip_rights-title"' in text
    assert 'href="#co_owners-title"' in text
    assert "95" in text


def test_autosave_writes_over_ones_own_version_only(client, as_publisher, institute):
    outcome = institute.drafted
    address = reverse("outcome-autosave", args=[outcome.number])
    before = fresh(outcome).revisions.count()

    answer = as_publisher.post(address, typed(outcome, title="自动保存一"))
    assert answer.json() == {"based_on": mark_of(fresh(outcome).latest_revision)}
    as_publisher.post(address, typed(outcome, title="自动保存二"))
    assert fresh(outcome).revisions.count() == before
    assert fresh(outcome).newest_version.title == "自动保存二"

    based_on = mark_of(fresh(outcome).latest_revision)
    sign_in(client, institute.manager)
    client.post(address, typed(outcome, title="负责人改的", based_on=based_on))
    assert fresh(outcome).revisions.count() == before + 1

    sign_in(client, institute.publisher)
    late = client.post(address, typed(outcome, title="过时的文字", based_on=based_on))
    assert late.status_code == 409
    assert fresh(outcome).newest_version.title == "负责人改的"

    over = client.post(
        reverse("outcome-edit", args=[outcome.number]),
        typed(outcome, title="过时的文字", based_on=based_on, overwrite="1", action="save"),
    )
    assert over.status_code == 302
    assert fresh(outcome).newest_version.title == "过时的文字"


def test_two_windows_of_one_person_do_not_write_over_each_other_unasked(as_publisher, institute):
    outcome = institute.drafted
    address = reverse("outcome-autosave", args=[outcome.number])
    first, second = (mark_for_new_page(fresh(outcome).latest_revision) for _window in range(2))

    written = as_publisher.post(address, typed(outcome, title="第一个窗口", based_on=first))
    answer_lost = as_publisher.post(address, typed(outcome, title="第一个窗口接着写", based_on=first))
    late = as_publisher.post(address, typed(outcome, title="第二个窗口", based_on=second))
    on = as_publisher.post(address, typed(outcome, title="再接着写", based_on=written.json()["based_on"]))

    assert (written.status_code, answer_lost.status_code, on.status_code) == (200, 200, 200)
    assert late.status_code == 409
    assert "另一个窗口" in late.json()["error"]
    assert fresh(outcome).newest_version.title == "再接着写"

    page = as_publisher.post(
        reverse("outcome-edit", args=[outcome.number]), typed(outcome, title="第二个窗口", based_on=second)
    )
    assert 'name="overwrite"' in page.content.decode()
    assert "第二个窗口" in page.content.decode()

    over = typed(outcome, title="第二个窗口写过去", price_low="很多", based_on=second, overwrite="1")
    as_publisher.post(reverse("outcome-edit", args=[outcome.number]), over)  # comes back for the price
    further = as_publisher.post(address, typed(outcome, title="第二个窗口接着写", based_on=second))
    assert further.status_code == 200
    assert fresh(outcome).newest_version.title == "第二个窗口接着写"


def test_who_opened_a_draft_before_its_author_wrote_on_does_not_write_over_that(client, as_publisher, institute):
    outcome = institute.drafted
    address = reverse("outcome-autosave", args=[outcome.number])
    opened = mark_of(fresh(outcome).latest_revision)

    written = as_publisher.post(address, typed(outcome, title="作者接着写的", based_on=opened))
    sign_in(client, institute.manager)
    late = client.post(address, typed(outcome, title="早先打开的一页", based_on=opened))

    assert written.status_code == 200
    assert late.status_code == 409
    assert fresh(outcome).newest_version.title == "作者接着写的"


def test_a_field_of_the_first_level_as_a_sheet_names_it_stays_in_the_form(as_publisher, institute):
    outcome = institute.drafted
    top = TechnicalField.objects.get(code="03")
    version = outcome.newest_version
    version.field = top
    save_draft(version, by=institute.publisher)

    page = as_publisher.get(reverse("outcome-edit", args=[outcome.number])).content.decode()
    answer = as_publisher.post(reverse("outcome-autosave", args=[outcome.number]), typed(outcome, field=str(top.pk)))

    assert f'<option value="{top.pk}" selected>' in page
    assert answer.status_code == 200
    assert fresh(outcome).newest_version.field == top


def test_autosave_keeps_what_is_well_formed_and_says_that_not_all_is(as_publisher, institute):
    outcome = institute.drafted

    answer = as_publisher.post(
        reverse("outcome-autosave", args=[outcome.number]), typed(outcome, title="好的名称", price_low="很多")
    )

    assert answer.status_code == 422
    assert set(answer.json()["problems"]) == {"price_low"}
    assert answer.json()["unsaved"] == f"价格下限：{answer.json()['problems']['price_low']}"
    assert fresh(outcome).newest_version.title == "好的名称"
    assert fresh(outcome).newest_version.price_low == 80_000_000


def test_files_are_told_by_content_and_refused_beside_the_field(as_publisher, institute):
    outcome = institute.drafted
    address = reverse("outcome-file-add", args=[outcome.number])

    page = as_publisher.post(address, {"file": SimpleUploadedFile("报告.pdf", b"MZ not a pdf"), "purpose": "document"})
    assert page.status_code == 200
    assert 'id="added_file_error"' in page.content.decode()
    assert fresh(outcome).newest_version.file_codes == []

    as_publisher.post(address, {"file": SimpleUploadedFile("图.png", PNG), "purpose": "picture"})
    as_publisher.post(
        address, {"file": SimpleUploadedFile("报告.pdf", PDF), "purpose": "evidence", "confidential": "on"}
    )
    files = files_shown(fresh(outcome).newest_version)
    assert [(file.purpose, file.is_confidential) for file in files] == [("picture", False), ("evidence", True)]

    as_publisher.post(reverse("outcome-file-remove", args=[outcome.number, files[0].code]))
    assert [file.pk for file in files_shown(fresh(outcome).newest_version)] == [files[1].pk]
    assert Entry.objects.about(outcome).get(kind=Kind.FILE_WITHDRAWN).data == {"file": files[0].code}


def test_who_gets_which_file(client, institute):
    outcome = institute.drafted
    picture = attach_outcome_file(
        outcome, by=institute.publisher, upload=SimpleUploadedFile("a.png", PNG), purpose="picture"
    )
    secret = attach_outcome_file(
        fresh(outcome),
        by=institute.publisher,
        upload=SimpleUploadedFile("b.pdf", PDF),
        purpose="document",
        confidential=True,
    )
    buyer = organisation(kind="enterprise")
    reader = person(of=buyer)

    def status(user, file):
        sign_in(client, user) if user else client.logout()
        return client.get(reverse("file-download", args=[file.code])).status_code

    assert [status(user, picture) for user in (None, reader, institute.publisher)] == [404, 404, 200]
    draft = fresh(outcome)
    submit_outcome(draft, by=institute.publisher, declared=True)
    institute.pass_review(fresh(outcome))
    assert [status(user, picture) for user in (None, reader)] == [200, 200]
    assert [status(user, secret) for user in (None, reader, institute.officer)] == [404, 404, 200]

    disclose_outcome(fresh(outcome), buyer, "nda", by=institute.manager)
    assert status(reader, secret) == 200

    later = attach_outcome_file(
        fresh(outcome), by=institute.publisher, upload=SimpleUploadedFile("c.png", PNG), purpose="picture"
    )
    assert status(None, later) == 404


def test_a_confidential_picture_is_listed_and_never_shown(client, institute):
    outcome = institute.drafted
    sign_in(client, institute.publisher)
    address = reverse("outcome-file-add", args=[outcome.number])
    told = {"purpose": "picture", "confidential": "on"}
    client.post(address, told | {"file": SimpleUploadedFile("电路图.png", PNG)})
    client.post(address, {"purpose": "picture", "file": SimpleUploadedFile("外观.png", PNG)})
    secret, shown = files_shown(fresh(outcome).newest_version)
    assert (secret.is_confidential, shown.is_confidential) == (True, False)
    edit = client.get(reverse("outcome-edit", args=[outcome.number])).content.decode()
    assert ">PNG</span>" in edit
    assert ">PIC</span>" not in edit

    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    institute.pass_review(fresh(outcome))
    buyer = organisation(kind="enterprise")
    reader = person(of=buyer)

    def seen(user):
        """Return whether the page shows it as a picture, links it, names it, and what its address answers."""
        sign_in(client, user) if user else client.logout()
        page = client.get(outcome.get_absolute_url()).content.decode()
        address = reverse("file-download", args=[secret.code])
        assert f'<img src="{reverse("file-download", args=[shown.code])}"' in page
        links = (f'<img src="{address}"' in page, f'href="{address}"' in page, "电路图" in page)
        return *links, client.get(address).status_code

    assert [seen(user) for user in (None, reader)] == [(False, False, False, 404)] * 2
    disclose_outcome(fresh(outcome), buyer, "nda", by=institute.manager)
    assert [seen(user) for user in (reader, institute.publisher)] == [(False, True, True, 200)] * 2
    assert Entry.objects.filter(kind=Kind.FILE_READ, actor=reader, data__file=secret.code).count() == 1


def test_a_broken_picture_is_refused_beside_the_field(as_publisher, institute):
    outcome = institute.drafted
    broken = SimpleUploadedFile("外观.jpg", picture_bytes("JPEG", size=(300, 200))[:300])

    page = as_publisher.post(
        reverse("outcome-file-add", args=[outcome.number]), {"file": broken, "purpose": "picture"}
    ).content.decode()

    assert "图片无法读取" in page.split('id="added_file_error"')[1][:600]
    assert fresh(outcome).newest_version.file_codes == []


def test_who_sees_what_of_a_draft_and_a_public_outcome(client, institute):
    draft, public = institute.drafted, institute.public
    other = Institute()
    people = {
        "visitor": None,
        "stranger": other.manager,
        "member": institute.publisher,
        "officer": institute.officer,
        "auditor": person("auditor"),
    }

    def statuses(address):
        answers = {}
        for name, user in people.items():
            sign_in(client, user) if user else client.logout()
            answers[name] = client.get(address).status_code
        return answers

    assert statuses(draft.get_absolute_url()) == {
        "visitor": 404, "stranger": 404, "member": 200, "officer": 200, "auditor": 200,
    }  # fmt: skip
    assert set(statuses(public.get_absolute_url()).values()) == {200}
    assert statuses(reverse("outcome-edit", args=[public.number])) == {
        "visitor": 302, "stranger": 403, "member": 200, "officer": 403, "auditor": 403,
    }  # fmt: skip
    assert statuses(draft.review_url) == {
        "visitor": 302, "stranger": 404, "member": 200, "officer": 200, "auditor": 200,
    }  # fmt: skip


def test_the_confidential_part_is_shown_to_few_and_each_reading_by_others_is_recorded(client, institute):
    outcome = institute.public
    buyer = organisation(kind="enterprise")
    reader = person(of=buyer)

    def text(user):
        sign_in(client, user) if user else client.logout()
        return client.get(outcome.get_absolute_url()).content.decode()

    def readings():
        return Entry.objects.about(outcome).filter(kind="confidential.read")

    secret = "供货成本与算法参数"
    assert secret not in text(None)
    assert secret not in text(reader)
    assert secret in text(institute.publisher)
    assert not readings().exists()

    disclose_outcome(outcome, buyer, "nda", by=institute.manager)
    assert secret in text(reader)
    assert (readings().get().actor, readings().get().on_behalf_of) == (reader, buyer)
    assert secret not in str(list(Entry.objects.values_list("data", flat=True)))


def test_review_page_shows_the_difference_and_decides(client, institute):
    outcome = institute.public
    version = outcome.newest_version
    version.title = "低功耗指静脉识别模组二代"
    save_draft(version, by=institute.publisher)
    sign_in(client, institute.publisher)
    sent = client.post(
        reverse("outcome-edit", args=[outcome.number]),
        typed(fresh(outcome), title="低功耗指静脉识别模组二代", action="submit", declared="1"),
    )
    assert sent.status_code == 302, sent.context["editing"].missing
    outcome = fresh(outcome)

    sign_in(client, institute.manager)
    queue = client.get(reverse("review-queue")).content.decode()
    assert outcome.review_url in queue
    page = client.get(outcome.review_url).content.decode()
    assert "锁用</span>" in "".join(re.findall(r"<del>.*?</del>", page))
    assert "二代</span>" in "".join(re.findall(r"<ins>.*?</ins>", page))
    assert reverse("outcome-preview", args=[outcome.number]) in page

    empty = client.post(outcome.review_url, {"decision": "return"})
    assert 'id="id_comment_error"' in empty.content.decode()
    client.post(outcome.review_url, {"decision": "return", "remark-title": "名称要写明用途"})
    outcome = fresh(outcome)
    assert outcome.returned_review.remarks.get().text == "名称要写明用途"

    sign_in(client, institute.publisher)
    assert "名称要写明用途" in client.get(reverse("outcome-edit", args=[outcome.number])).content.decode()


def test_verbs_refuse_strangers_and_say_why(client, institute):
    outcome = institute.public
    sign_in(client, Institute().manager)
    assert client.post(reverse("outcome-act", args=[outcome.number, "withdraw"])).status_code == 403

    sign_in(client, institute.publisher)
    reserve_outcome(outcome, by=None)
    assert client.post(reverse("outcome-act", args=[outcome.number, "withdraw"])).status_code == 403
    assert fresh(outcome).state == "reserved"


def test_withdraw_and_offer_again(client, institute):
    outcome = institute.public
    sign_in(client, institute.publisher)

    assert '<dialog id="withdraw"' in client.get(outcome.get_absolute_url()).content.decode()
    client.post(reverse("outcome-act", args=[outcome.number, "withdraw"]))
    assert fresh(outcome).state == "withdrawn"
    page = client.get(outcome.get_absolute_url()).content.decode()
    pills = page[page.index("<main") :].partition("</header>")[0]
    assert "已撤回" in pills
    assert "公开" not in pills
    client.logout()
    assert client.get(outcome.get_absolute_url()).status_code == 404

    sign_in(client, institute.publisher)
    client.post(reverse("outcome-act", args=[outcome.number, "offer-again"]))
    assert fresh(outcome).state == "available"


@pytest.mark.parametrize("address", ["outcome-mine", "review-queue"])
def test_lists_ask_the_same_number_of_questions_for_one_and_three(client, beginner, address):
    sign_in(client, beginner.manager)
    beginner.submitted()
    client.get(reverse(address))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(address))
    beginner.submitted(title="第二项")
    beginner.submitted(title="第三项")
    with CaptureQueriesContext(connection) as three:
        text = client.get(reverse(address)).content.decode()

    assert "第三项" in text
    assert len(three) == len(one)


def test_only_an_unsent_draft_is_deleted(client, beginner):
    sign_in(client, beginner.publisher)
    draft, sent = beginner.draft(), beginner.submitted(title="已经报过")

    client.post(reverse("outcome-delete", args=[draft.number]))
    client.post(reverse("outcome-delete", args=[sent.number]))

    assert list(beginner.organisation.outcomes.all()) == [sent]
    entry = Entry.objects.get(kind=Kind.OUTCOME_DISCARDED)
    assert entry.data == {"number": draft.number}
    assert (entry.actor, entry.on_behalf_of) == (beginner.publisher, beginner.organisation)


def test_who_saves_after_a_colleague_is_told_and_may_save_over_it(as_publisher, institute):
    outcome = institute.drafted
    based_on = mark_of(outcome.latest_revision)
    version = outcome.newest_version
    version.title = "同事的名称"
    save_draft(version, by=institute.manager)
    address, mine = reverse("outcome-edit", args=[outcome.number]), typed(outcome, title="我的名称", based_on=based_on)

    told = as_publisher.post(address, mine).content.decode()
    kept = fresh(outcome).newest_version.title
    as_publisher.post(address, mine | {"overwrite": "1"})

    assert 'name="overwrite"' in told
    assert "我的名称" in told
    assert kept == "同事的名称"
    assert fresh(outcome).newest_version.title == "我的名称"


def test_a_form_sent_while_a_colleague_has_sent_in_keeps_what_was_typed(as_publisher, institute):
    outcome = institute.sent

    page = as_publisher.post(reverse("outcome-edit", args=[outcome.number]), typed(outcome, title="在审核中改的名称"))

    assert page.status_code == 200
    assert "在审核中改的名称" in page.content.decode()
    assert fresh(outcome).newest_version.title == outcome.newest_version.title


def test_what_the_reviewer_remarked_stands_beside_its_field(as_publisher, institute):
    outcome = institute.sent
    remarks = {"summary": "写明测试条件", "ip_rights": "补专利证书", "price_low": "价格依据不足"}
    return_review(outcome.pending_review, by=institute.manager, comment="请补充", remarks=remarks)

    page = as_publisher.get(reverse("outcome-edit", args=[outcome.number])).content.decode()

    for field, text in remarks.items():
        assert page.count(text) == 2, text  # at the top with a link, and beside the field
        assert f'id="remark-{field}"' in page


def test_a_step_is_named_in_the_readers_language_unless_staff_named_it(as_publisher, institute):
    outcome = institute.sent
    address = reverse("outcome-mine")

    english = as_publisher.get(f"/en{address}").content.decode()
    task = outcome.pending_review.task
    task.name = "科研处初审"
    task.save()
    renamed = as_publisher.get(f"/en{address}").content.decode()

    assert "in review: own organisation" in english
    assert "in review: 科研处初审" in renamed


@pytest.mark.parametrize(("written", "kept"), [("６０％", 60), ("60 %", 60), ("33.33", Decimal("33.33"))])
def test_a_share_is_read_as_people_write_it(written, kept):
    form = HolderForm({"name": "样例", "share": written})

    assert form.is_valid()
    assert form.cleaned_data["share"] == kept
    assert not HolderForm({"name": "样例", "share": f"-{written}"}).is_valid()


def test_a_share_that_cannot_be_read_is_kept_in_the_page(as_publisher, institute):
    outcome = institute.drafted

    page = as_publisher.post(
        reverse("outcome-edit", args=[outcome.number]), typed(outcome, **{"co_owners-0-share": "三十"})
    ).content.decode()

    assert 'value="三十"' in page
    assert 'id="id_co_owners-0-share_error"' in page


WRONG_REVISIONS = ["很多", "-1", "1.5", "٢٢٠", "²", "9" * 30, " ", "999999999"]


@pytest.mark.parametrize("sent", WRONG_REVISIONS)
@pytest.mark.parametrize("address", ["outcome-edit", "outcome-autosave"])
def test_a_revision_that_cannot_be_is_no_fault_of_ours(as_publisher, institute, address, sent):
    outcome = institute.drafted

    answer = as_publisher.post(
        reverse(address, args=[outcome.number]), typed(outcome, title="自己的名称", based_on=sent, action="save")
    )

    assert answer.status_code in (200, 302, 422)
    assert fresh(outcome).newest_version.title == "自己的名称"


def test_withdrawing_takes_a_change_back_from_review_and_says_so_before(client, institute):
    outcome = institute.public
    draft = outcome.newest_version
    draft.title = "改动后的标题"
    save_draft(draft, by=institute.publisher)
    sign_in(client, institute.publisher)
    words = "审核中的修改一并撤回"
    assert words not in client.get(outcome.get_absolute_url()).content.decode()
    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    assert client.get(outcome.get_absolute_url()).content.decode().count(words) == 2  # in the page and in its question

    client.post(reverse("outcome-act", args=[outcome.number, "withdraw"]))

    outcome = fresh(outcome)
    assert (outcome.state, outcome.pending_review) == ("withdrawn", None)
    assert outcome.newest_version.title == "改动后的标题"
    kinds = list(Entry.objects.about(outcome).order_by("-pk").values_list("kind", flat=True)[:2])
    assert kinds == [Kind.OUTCOME_WITHDRAWN, Kind.OUTCOME_RECALLED]
    sign_in(client, institute.manager)
    assert outcome.number not in client.get(reverse("review-queue")).content.decode()

    page = client.get(outcome.get_absolute_url()).content.decode()
    assert 'data-dialog="offer-again"' in page
    assert page.count("成果立即恢复公开") == 2


def test_sending_twice_leads_to_the_outcome_and_sending_other_words_is_told(as_publisher, institute):
    outcome = institute.drafted
    address, data = reverse("outcome-edit", args=[outcome.number]), typed(outcome, action="submit", declared="1")
    assert as_publisher.post(address, data).url == outcome.get_absolute_url()

    again = as_publisher.post(address, data, follow=True)
    assert again.redirect_chain == [(outcome.get_absolute_url(), 302)]
    page = again.content.decode()
    assert "成果已在审核中" in page
    assert "没有保存" not in page

    other = as_publisher.post(address, data | {"title": "另一个标题"})
    assert other.status_code == 200
    assert "没有保存" in other.content.decode()

    recall_review(fresh(outcome), by=institute.publisher)
    submit_outcome(fresh(outcome), by=institute.manager, declared=True)
    assert as_publisher.post(address, data).status_code == 200  # somebody else sent it in: this person is told so


def test_a_range_upside_down_is_told_in_the_words_of_the_field_only(as_publisher, institute):
    outcome = institute.drafted
    data = typed(outcome, action="submit", declared="1", price_low="500", price_high="120")

    page = as_publisher.post(reverse("outcome-edit", args=[outcome.number]), data).content.decode()

    assert "outcome_price_range_in_order" not in page
    assert "是否写反了" in page


def test_the_review_page_shows_what_is_judged_and_takes_back(client, institute):
    outcome = institute.drafted
    draft = outcome.newest_version
    draft.is_negotiable = True
    partner = CoOwner(name="合作大学", share=40, has_consented=True)
    draft.co_owners = [CoOwner(organisation=outcome.owner, name=outcome.owner.name, share=60), partner]
    save_draft(draft, by=institute.publisher)
    paper = attach_outcome_file(
        fresh(outcome),
        by=institute.publisher,
        upload=SimpleUploadedFile("报告.pdf", PDF),
        purpose="evidence",
        confidential=True,
    )
    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    outcome = fresh(outcome)
    recall = reverse("outcome-act", args=[outcome.number, "recall"])

    sign_in(client, institute.officer)
    page = client.get(outcome.review_url).content.decode()
    assert "合作大学 40%（已有书面同意）" in page
    assert f'href="{reverse("file-download", args=[paper.code])}"' in page
    files = page.split('<ul class="files">')[1].split("</ul>")[0]
    assert ("保密" in files, "PDF" in files, "报告.pdf" in files) == (True, True, True)
    assert "80–180 万元，可议" in page.replace("\u2009", " ").replace("\u00a0", " ")
    assert recall not in page

    sign_in(client, institute.publisher)
    assert f'action="{recall}"' in client.get(outcome.review_url).content.decode()
    client.post(recall)
    assert fresh(outcome).pending_review is None
    assert recall not in client.get(outcome.review_url).content.decode()
