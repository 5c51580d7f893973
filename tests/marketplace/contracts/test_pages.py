"""Pages of contracts: the seller writes, the registrar decides, strangers see nothing."""

import re
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from marketplace.contracts.actions import return_contract, submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.discarding import discard_contract
from marketplace.contracts.drafts.actions import assemble_draft
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.refusals import DraftInUse
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from tests.factories.people import sign_in
from tests.factories.people import uscc as credit_code
from tests.marketplace.contracts.factories import (
    ITEMS,
    WAN,
    drafted,
    facts,
    number_of,
    organisation,
    person,
    registered,
    scan,
    submitted,
)

pytestmark = pytest.mark.django_db
State = TechnologyContract.State


def typed(*rows, **changed):
    """Return what a browser posts: facts as text, items as a formset."""
    given = facts(**changed)
    post = {name: "" if value is None else str(value) for name, value in given.items() if name != "contract_type"}
    post["field"] = given["field"].pk if given["field"] else ""
    if not given["is_related_party"]:
        post.pop("is_related_party")
    rows = rows or (("开发", "480", True), ("设备", "120 万元", False))
    post |= {"items-TOTAL_FORMS": len(rows), "items-INITIAL_FORMS": 0}
    for index, (label, amount, is_technical) in enumerate(rows):
        post |= {f"items-{index}-label": label, f"items-{index}-amount": amount}
        if is_technical:
            post[f"items-{index}-is_technical"] = "on"
    return post


def address(contract, verb=""):
    return f"/contracts/{contract.code}/{verb}{'/' if verb else ''}"


@pytest.mark.parametrize("path", ["", "queue/", "export/", "new/"])
def test_visitors_are_asked_to_sign_in(client, path):
    assert client.get(f"/contracts/{path}").status_code == 302


@pytest.mark.parametrize("verb", ["", "change", "register", "return", "refuse"])
def test_a_stranger_finds_nothing(client, verb):
    contract, _ = submitted()
    sign_in(client, person(member_of=organisation(), roles=["manager"]))

    assert client.get(address(contract, verb)).status_code == 404


@pytest.mark.parametrize("verb", ["register", "return", "refuse"])
def test_a_party_does_not_decide(client, verb):
    contract, manager = submitted()
    sign_in(client, manager)

    assert client.get(address(contract, verb)).status_code == 403
    assert client.post(address(contract, verb), {"number": number_of(1), "reasons": "x"}).status_code == 403
    contract.refresh_from_db()
    assert contract.state == "submitted"


def test_the_seller_begins_a_contract(client):
    seller = organisation()
    sign_in(client, person(member_of=seller, roles=["finance"]))
    assert client.get("/contracts/new/").context["form"].initial["seller_region"] == "330304"

    answer = client.post("/contracts/new/", typed())

    contract = TechnologyContract.objects.get()
    assert answer["Location"] == f"/contracts/{contract.code}/"
    assert (contract.seller, contract.state, contract.contract_type) == (seller, "draft", "KF")
    assert (contract.total_amount, contract.technical_amount) == (600 * WAN, 480 * WAN)


def test_somebody_without_organisation_begins_none(client):
    sign_in(client, person())

    assert client.get("/contracts/new/").status_code == 403
    assert client.post("/contracts/new/", typed()).status_code == 403
    assert not TechnologyContract.objects.exists()


def test_a_stranger_gets_no_file(client):
    contract, _ = submitted()
    sign_in(client, person(member_of=organisation(), roles=["manager"]))

    assert client.get(f"/files/{contract.signed_file.code}/").status_code == 404


def test_the_seller_changes_the_amounts(client):
    contract, manager = drafted()
    sign_in(client, manager)

    answer = client.post(address(contract, "change"), typed(("开发", "1200", True), ("设备", "480", False)))

    contract.refresh_from_db()
    assert answer.status_code == 302
    assert (contract.total_amount, contract.technical_amount) == (1680 * WAN, 1200 * WAN)


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("", ["技术咨询", "可行性论证", "技术预测", "专题技术调查", "分析评价报告"]),
        ("/en", ["technical consulting", "feasibility study", "technical forecast", "technical survey"]),
    ],
)
def test_kinds_of_consulting_are_chosen_as_those_of_the_others(client, prefix, names):
    contract, manager = drafted(contract_type="ZX", sub_type="ZX-feasibility")
    sign_in(client, manager)

    form = client.get(f"{prefix}/contracts/{contract.code}/change/").content.decode()
    page = client.get(f"{prefix}/contracts/{contract.code}/").content.decode()

    assert all(f">{name}</option>" in form for name in names)
    assert '<option value="ZX-feasibility" selected>' in form
    assert names[1] in page


def joint_typed(*codes):
    """Return what a browser posts of joint sellers with these credit codes."""
    post = {"joint-TOTAL_FORMS": len(codes), "joint-INITIAL_FORMS": 0}
    for place, code in enumerate(codes):
        given = {"name": f"样例所{place}", "uscc": code, "region": "330302", "percent": "10"}
        post |= {f"joint-{place}-{name}": value for name, value in given.items()}
    return post


@pytest.mark.parametrize(("prefix", "words"), [("", "样例所2"), ("/en", "is a party of this contract already")])
def test_a_joint_seller_who_is_a_party_already_is_said_in_its_line(client, prefix, words):
    contract, manager = drafted()
    sign_in(client, manager)
    twice = credit_code()
    cases = [(contract.seller.uscc, "change"), (twice, "new")]

    for code, verb in cases:
        post = typed() | joint_typed(credit_code(), twice, code) | {"joint-0-DELETE": "on"}
        path = f"{prefix}/contracts/new/" if verb == "new" else prefix + address(contract, verb)
        answer = client.post(path, post)

        lines, page = answer.context["joint"], answer.content.decode()
        assert [list(form.errors) for form in lines] == [[], [], ["uscc"]]
        assert words in lines.forms[2].errors["uscc"][0]
        assert 'aria-invalid="true"' in re.search(r'<input[^>]*name="joint-2-uscc"[^>]*>', page)[0]
        assert all(f'value="样例所{place}"' in page for place in range(3))
        assert re.search(r'data-error-summary>.*?<a href="#id_joint-2-uscc">\S+.*? 3', page, re.S), (
            "the summary leads there"
        )
    assert not contract.joint_sellers.exists()
    assert TechnologyContract.objects.count() == 1


def test_an_error_beside_the_field_and_nothing_lost(client):
    contract, manager = drafted()
    sign_in(client, manager)

    answer = client.post(
        address(contract, "change"),
        typed(
            ("传感器标定", "十二", True),
            project_name="改过的名字",
            buyer_uscc="91330304MA2ABCDE1O",
            begins_on="不是日期",
        ),
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"buyer_uscc", "begins_on"}
    assert "amount" in answer.context["lines"].forms[0].errors
    for kept in ("传感器标定", "十二", "改过的名字", "91330304MA2ABCDE1O", "不是日期"):
        assert kept in page
    contract.refresh_from_db()
    assert contract.project_name == "智能锁装配线视觉检测开发合同"


def test_a_code_known_under_another_name_is_told_beside_it_and_nothing_is_replaced(client):
    buyer = organisation(kind="enterprise", name="瓯海瑞锁（样例）")
    contract, manager = drafted()
    sign_in(client, manager)
    given = {"buyer_uscc": buyer.uscc, "project_name": "改过的名字"}

    for path in (address(contract, "change"), "/contracts/new/"):
        answer = client.post(path, typed(buyer_name="别的企业", **given))
        page = answer.content.decode()
        assert set(answer.context["form"].errors) == {"buyer_uscc"}
        assert "瓯海瑞锁（样例）" in answer.context["form"].errors["buyer_uscc"][0]
        assert all(kept in page for kept in ("别的企业", buyer.uscc, "改过的名字", "480"))
        english = client.post(f"/en{path}", typed(buyer_name="别的企业", **given)).content.decode()
        assert "This code is that of 瓯海瑞锁（样例） on this platform." in english

    contract.refresh_from_db()
    assert (contract.buyer, contract.buyer_name) == (None, "样例企业")
    assert client.post(address(contract, "change"), typed(buyer_name="瓯海瑞锁(样例)", **given)).status_code == 302
    contract.refresh_from_db()
    assert (contract.buyer, contract.buyer_name) == (buyer, "瓯海瑞锁（样例）"), "width alone makes no other name"


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("signed_on", "1984-12-31", "1985"),
        ("signed_on", "2126-01-01", "还没有到"),
        ("buyer_region", "990304", "99"),
        ("seller_region", "000000", "00"),
        ("seller_region", "33030", "六位"),
    ],
)
def test_days_and_regions_that_cannot_be_are_told_beside_their_field(client, field, wrong, words):
    contract, manager = drafted()
    sign_in(client, manager)

    answer = client.post(address(contract, "change"), typed() | {field: wrong})

    assert list(answer.context["form"].errors) == [field]
    assert words in answer.context["form"].errors[field][0]
    assert f'value="{wrong}"' in answer.content.decode()


def test_the_first_day_and_every_province_are_taken(client):
    contract, manager = drafted()
    sign_in(client, manager)

    for code in ("110108", "650000", "820000"):
        right = {"signed_on": "1985-01-01", "buyer_region": code, "seller_region": code}
        assert client.post(address(contract, "change"), typed() | right).status_code == 302


@pytest.mark.parametrize(
    ("with_file", "payment", "words"),
    [(False, "once", "请上传签章合同"), (True, "once", "可以提交"), (True, "", "尚缺的内容见本页")],
)
def test_after_saving_the_page_asks_for_what_is_missing_only(client, with_file, payment, words):
    contract, manager = drafted(with_file=with_file)
    sign_in(client, manager)

    answer = client.post(address(contract, "change"), typed(payment=payment), follow=True)

    (said,) = map(str, answer.context["messages"])
    assert words in said
    assert ("上传" in said) is not with_file


def test_a_contract_shows_the_exact_yuan_where_its_amounts_are_rounded(client):
    items = [Item("开发", 121_250_00, True), Item("设备", 20 * WAN, False)]
    contract, manager = drafted(items=items)
    sign_in(client, manager)

    page = client.get(address(contract)).content.decode()

    shown = re.sub(r"<[^>]+>", " ", page)
    assert shown.count("121,250.00 元") == 3, "technical amount, its item and the sum below"
    assert shown.count("321,250.00 元") == 2
    assert "200,000.00 元" not in shown, "what is not rounded stands once"


def test_the_seller_uploads_and_submits(client):
    contract, manager = drafted(with_file=False)
    sign_in(client, manager)

    refused = client.post(address(contract, "submit"), follow=True)
    client.post(address(contract, "attach"), {"file": scan("签章.pdf")})
    client.post(address(contract, "submit"))

    contract.refresh_from_db()
    assert "PDF" in refused.content.decode()
    assert (contract.state, contract.complete_on) == ("submitted", clock.today())


def test_a_file_of_another_kind_is_refused(client):
    contract, manager = drafted(with_file=False)
    sign_in(client, manager)

    answer = client.post(address(contract, "attach"), {"file": scan(content=b"MZ\x90\x00 no document")}, follow=True)

    contract.refresh_from_db()
    assert contract.signed_file is None
    assert "PDF" in answer.context["scan_form"].errors["file"][0]


def test_reading_the_signed_contract_is_written_down(client):
    contract, _ = submitted()
    registrar = person("registrar")
    sign_in(client, registrar)

    answer = client.get(f"/files/{contract.signed_file.code}/")

    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert "attachment" in answer["Content-Disposition"]
    assert Entry.objects.about(contract.signed_file).filter(kind="file.read", actor=registrar).count() == 1


def test_the_registrar_registers_by_page(client):
    contract, _ = submitted()
    sign_in(client, person("registrar"))

    wrong = client.post(address(contract, "register"), {"number": "12"})
    client.post(address(contract, "register"), {"number": number_of(31)})

    contract.refresh_from_db()
    assert "number" in wrong.context["form"].errors
    assert "12" in wrong.content.decode()
    assert (contract.state, contract.number) == ("registered", number_of(31))
    assert number_of(31) in client.get(address(contract)).content.decode()


def test_the_list_to_fill_in_has_what_waits_for_a_number(client):
    waits, done = submitted()[0], registered()[0]
    sign_in(client, person("registrar"))

    sheet = client.get("/contracts/export/", {"waiting": "1", "format": "csv"}).content.decode("utf-8-sig")

    assert waits.code in sheet
    assert done.code not in sheet
    assert "/contracts/export/?waiting=1" in client.get("/contracts/numbers/").content.decode()


def test_the_seller_reads_the_reasons_of_a_return(client):
    contract, manager = submitted()
    return_contract(contract, by=person("registrar"), reasons="缺设备清单，请补附件二")
    sign_in(client, manager)

    page = client.get(address(contract)).content.decode()

    assert "缺设备清单，请补附件二" in page
    assert reverse("contract-change", args=[contract.code]) in page


def test_a_sent_contract_is_not_changed_by_page(client):
    contract, manager = submitted()
    sign_in(client, manager)

    answer = client.post(address(contract, "change"), typed(project_name="偷改"))

    contract.refresh_from_db()
    assert answer.status_code == 302
    assert contract.project_name != "偷改"


def test_english_pages(client):
    contract, manager = registered()
    sign_in(client, manager)

    page = client.get(f"/en/contracts/{contract.code}/").content.decode()

    assert "Technical amount" in page


def test_the_way_names_days_of_the_districts_calendar(client):
    with clock.moved_to(datetime(2026, 3, 9, 17, 30, tzinfo=UTC)):  # already the 10th in Wenzhou
        contract, manager = submitted()
        sign_in(client, manager)
        page = client.get(address(contract))

    assert page.context["steps"][0]["note"] == "03-10"


def test_a_registered_contract_says_when_and_where_it_is_checked(client):
    contract, manager = registered()
    sign_in(client, manager)

    page = client.get(address(contract)).content.decode()

    assert "登记日期 <time" in page
    assert f"http://testserver/verify/{contract.code}/" in page
    assert "今天" not in page


def test_a_return_is_told_at_the_head_until_it_is_answered(client):
    contract, manager = submitted()
    return_contract(contract, by=person("registrar"), reasons="请补盖章页")
    sign_in(client, manager)
    assert client.get(address(contract)).context["answer"].reasons == "请补盖章页"

    submit_contract(contract, by=manager, answer="已在附件二补齐")

    page = client.get(address(contract))
    assert page.context["answer"] is None
    assert "请补盖章页" in page.content.decode()


def test_a_returned_contract_comes_again_changed_or_with_an_answer_the_reviewer_reads(client):
    contract, manager = submitted()
    registrar = person("registrar")
    return_contract(contract, by=registrar, reasons="缺设备清单，请补附件二")
    sign_in(client, manager)
    given = {name: getattr(contract, name) for name in facts()}
    change_contract(contract, by=manager, items=[Item("检测算法与软件开发", 480 * WAN, True)], **given)
    change_contract(contract, by=manager, items=ITEMS, **given)  # as it was

    page = client.post(address(contract, "submit"), {"answer": " "})

    contract.refresh_from_db()
    assert contract.state == State.RETURNED
    assert "缺设备清单，请补附件二" in page.context["submission"].errors["answer"][0]
    client.post(address(contract, "submit"), {"answer": "附件二即合同第 12 页"})
    sign_in(client, registrar)
    read = client.get(address(contract)).content.decode()
    assert read.count("附件二即合同第 12 页") == 2
    assert "都没有改动" in read


def test_a_returned_contract_that_was_changed_needs_no_answer():
    contract, manager = submitted()
    return_contract(contract, by=person("registrar"), reasons="请补盖章页")
    attach_signed_file(contract, by=manager, upload=scan(content=scan().read() + b"%"))

    submit_contract(contract, by=manager)

    assert contract.state == State.SUBMITTED


def test_a_draft_that_was_never_sent_is_deleted_by_whoever_began_it(client):
    contract, manager = drafted()
    colleague = person(member_of=contract.seller, roles=["publisher"])
    with pytest.raises(PermissionDenied, match="起草人"):
        discard_contract(contract, by=colleague)
    sign_in(client, manager)
    assert 'data-dialog="discard-contract"' in client.get(address(contract)).content.decode()
    file = contract.signed_file

    client.post(address(contract, "discard"))

    assert not TechnologyContract.objects.filter(code=contract.code).exists()
    entry = Entry.objects.get(kind="contract.discarded")
    assert (entry.actor, entry.on_behalf_of, entry.data) == (manager, contract.seller, {"code": contract.code})
    file.refresh_from_db()
    assert file.withdrawn_at is not None


def test_a_draft_with_something_on_it_or_sent_before_is_not_deleted():
    sent, manager = submitted()
    return_contract(sent, by=person("registrar"), reasons="请补盖章页")
    used, writer = drafted(contract_type="ZR", sub_type="ZR-patent")
    assemble_draft(used, by=writer)

    with pytest.raises(WrongState):
        discard_contract(sent, by=manager)
    with pytest.raises(DraftInUse):
        discard_contract(used, by=writer)

    assert TechnologyContract.objects.filter(pk__in=[sent.pk, used.pk]).count() == 2
    assert not Entry.objects.filter(kind="contract.discarded").exists()


def test_the_first_reviewer_of_a_large_contract_reads_why_it_is_not_refused_here(client):
    contract, _ = submitted(items=[Item("技术费", 600 * WAN, True)])
    sign_in(client, person("registrar"))
    refusing = f'href="{address(contract, "refuse")}"'

    for step in ("accept", "first-review", ""):
        page = client.get(address(contract)).content.decode()
        assert 'aria-describedby="why-refuse"' in page
        assert "大额或有争议的合同不予登记，须在复核中决定" in page
        assert refusing not in page
        assert client.get(address(contract, "refuse")).status_code == 403
        if step:
            client.post(address(contract, step))
    empty = client.post(address(contract, "pass-on"), {"reasons": "", "proposes_refusal": "on"})
    client.post(address(contract, "pass-on"), {"reasons": "内容为设备采购", "proposes_refusal": "on"})

    sign_in(client, person("second_reviewer"))
    page = client.get(address(contract)).content.decode()
    assert "请写明理由" in empty.content.decode()
    assert "初审建议不予登记" in page
    assert refusing in page
    assert "初审建议不予登记" in client.get(address(contract, "refuse")).content.decode()
