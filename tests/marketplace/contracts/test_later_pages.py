"""Pages of the second review and of what happens after a registration, in both languages."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.utils.formats import date_format

from marketplace import migrations
from marketplace.contracts.actions import accept_contract, refuse_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import (
    grant_contract_change,
    request_contract_change,
    withdraw_contract_change,
)
from marketplace.contracts.counting import RegisterRow
from marketplace.contracts.dated import RegistrationRule
from marketplace.contracts.ending import revoke_contract
from marketplace.contracts.lists.actions import make_registration_list
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.actions import enter_receipt
from marketplace.contracts.reviewing import begin_first_review
from marketplace.core import clock
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import (
    ITEMS,
    WAN,
    number_of,
    organisation,
    person,
    registered,
    scan,
    second_review,
    submitted,
)
from tests.pdf_text import text_of

pytestmark = pytest.mark.django_db
LARGE = [Item("开发", 720 * WAN, True)]


def address(contract, verb=""):
    return f"/contracts/{contract.code}/{verb}{'/' if verb else ''}"


def lines(*rows, **more):
    post = {"items-TOTAL_FORMS": len(rows), "items-INITIAL_FORMS": min(2, len(rows)), **more}
    for place, (label, amount, technical) in enumerate(rows):
        post |= {f"items-{place}-label": label, f"items-{place}-amount": amount}
        if technical:
            post[f"items-{place}-is_technical"] = "on"
    return post


def test_a_large_contract_through_both_reviews(client):
    contract, _ = submitted(items=LARGE)
    registrar, second = person("registrar"), person("second_reviewer")
    sign_in(client, registrar)
    assert "大额合同须由两人先后审查" in client.get(address(contract)).content.decode()
    refused = client.post(address(contract, "register"), {"number": number_of(701)})
    in_english = client.post("/en" + address(contract, "register"), {"number": number_of(701)})
    client.post(address(contract, "accept"))
    client.post(address(contract, "first-review"))
    client.post(address(contract, "pass-on"), {"reasons": "技术部分清楚"})

    sign_in(client, second)
    assert contract.project_name in client.get("/contracts/queue/").content.decode()
    client.post(address(contract, "register"), {"number": number_of(701)})

    contract.refresh_from_db()
    assert "须在复核中由初审以外的人登记" in refused.content.decode()
    assert "by another person than the first" in in_english.content.decode()
    assert (contract.state, contract.number) == ("registered", number_of(701))
    assert "技术部分清楚" in client.get(address(contract)).content.decode()


def test_the_first_reviewer_is_not_the_second(client):
    contract, _ = submitted(items=LARGE)
    both = person("registrar", "second_reviewer")
    second_review(contract, by=both)
    sign_in(client, both)

    answer = client.post(address(contract, "register"), {"number": number_of(702)})

    assert answer.status_code == 403
    assert "两次审查须由两人进行" in answer.content.decode()
    assert "made by two people" in client.get("/en" + address(contract, "register")).content.decode()


def test_a_dispute_needs_an_opinion(client):
    contract, _ = submitted()
    registrar = person("registrar")
    accept_contract(contract, by=registrar)
    begin_first_review(contract, by=registrar)
    sign_in(client, registrar)

    answer = client.post(address(contract, "pass-on"), {"reasons": ""})

    contract.refresh_from_db()
    assert answer.status_code == 200
    assert contract.state == "first_review"


def test_a_change_asked_for_and_granted(client):
    contract, manager = registered()
    sign_in(client, manager)
    page = client.get(address(contract, "request-change"))
    assert "检测算法与软件开发" in page.content.decode()
    dates = {"begins_on": contract.begins_on.isoformat(), "ends_on": contract.ends_on.isoformat()}
    nothing = client.post(
        address(contract, "request-change"),
        lines(
            ("检测算法与软件开发", "480", True),
            ("检测工位设备", "120", False),
            reasons="补充协议",
            **dates,
            upload=scan(),
        ),
    )
    typed = {"reasons": "补充协议", "upload": scan(), **dates}
    client.post(address(contract, "request-change"), lines(("开发", "300", True), **(typed | {"upload": scan()})))
    sign_in(client, person("registrar"))
    assert "同意变更" in client.get(address(contract)).content.decode()
    asked = client.get(address(contract, "grant-change")).content.decode()
    client.post(address(contract, "grant-change"), {"reasons": ""})

    shown = client.get(address(contract)).content.decode()
    contract.refresh_from_db()
    assert asked.index("6,000,000.00") < asked.index("3,000,000.00")
    assert "登记簿中已是如此" in nothing.content.decode()
    assert (contract.state, contract.total_amount) == ("changed", 300 * WAN)
    assert "−300.00" in shown
    assert "<b>已同意</b>" in shown
    assert ">已变更</span>" in shown
    assert "状态已变更" in text_of(client.get(address(contract, "notice")).content)
    assert "6,000,000.00" in shown


def test_a_change_is_refused_on_its_page(client):
    contract, manager = registered()
    given = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    request_contract_change(contract, upload=scan(), by=manager, items=[Item("开发", 100 * WAN, True)], **given)
    sign_in(client, person("registrar"))

    client.post(address(contract, "refuse-change"), {"reasons": "缺补充协议"})

    contract.refresh_from_db()
    assert contract.state == "registered"
    assert "缺补充协议" in client.get(address(contract)).content.decode()


def asked_to_change():
    contract, manager = registered()
    given = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    request_contract_change(contract, upload=scan(), by=manager, items=[Item("开发", 100 * WAN, True)], **given)
    return contract


def test_a_contract_whose_change_is_asked_for_is_not_registered_again(client):
    contract = asked_to_change()
    counted = RegisterRow.objects.count()
    sign_in(client, person("registrar"))

    answer = client.post(address(contract, "register"), {"number": number_of(888)})

    again = TechnologyContract.objects.get(pk=contract.pk)
    assert (again.state, again.number, RegisterRow.objects.count()) == ("change_requested", contract.number, counted)
    assert "变更" in answer.content.decode()


def test_a_registrar_sees_the_items_before_and_after_and_what_differs(client):
    contract, manager = registered(items=[*ITEMS, Item("差旅", 5 * WAN, False)])
    asked = [ITEMS[0], Item("检测工位设备", 120 * WAN + 50, True), Item("培训", 30 * WAN, True)]
    given = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    request_contract_change(contract, upload=scan(), by=manager, items=asked, **given)
    sign_in(client, person("second_reviewer"))

    page = client.get("/en" + address(contract, "grant-change"))

    rows = re.findall(r'<tr><th scope="row"[^>]*>(\w+)</th>(.*?)</tr>', page.content.decode(), re.S)
    said = {label: " ".join(re.sub("<[^>]+>", " ", cells).split()) for label, cells in rows}
    assert said["检测算法与软件开发"] == "4,800,000.00 technical 4,800,000.00 technical nothing"
    assert said["检测工位设备"] == "1,200,000.00 not technical 1,200,000.50 technical changed"
    assert said["差旅"] == "50,000.00 not technical — left out"
    assert said["培训"] == "— 300,000.00 technical added"


def test_the_seller_takes_its_request_back_and_sees_that_it_can(client):
    contract = asked_to_change()
    manager, registrar = contract.drafted_by, person("registrar")
    counted = RegisterRow.objects.count()
    assert "withdraw-change" not in client_page(client, registrar, address(contract))
    assert client.post(address(contract, "withdraw-change")).status_code == 403

    assert 'data-dialog="withdraw-change"' in client_page(client, manager, address(contract))
    answer = client.post(address(contract, "withdraw-change"), follow=True)
    again = client.post(address(contract, "withdraw-change"), follow=True)

    contract.refresh_from_db()
    change = contract.changes.get()
    assert "已撤回" in answer.content.decode()
    assert 'data-dialog="withdraw-change"' not in again.content.decode()
    assert (contract.state, contract.total_amount, RegisterRow.objects.count()) == ("registered", 600 * WAN, counted)
    assert (change.state, change.decided_by) == ("withdrawn", manager)
    assert not contract.decisions.filter(kind__in=["changed", "unchanged"]).exists(), "nobody decided"


def test_a_request_taken_back_after_a_change_leaves_the_contract_changed():
    contract = asked_to_change()
    grant_contract_change(contract, by=person("registrar"))
    given = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "再补充"}
    request_contract_change(
        contract, upload=scan(), by=contract.drafted_by, items=[Item("开发", 90 * WAN, True)], **given
    )

    withdraw_contract_change(contract, by=contract.drafted_by)

    assert (contract.state, contract.total_amount) == ("changed", 100 * WAN)


@pytest.mark.parametrize(
    ("made", "role", "verbs"),
    [
        (lambda: registered()[0], "registrar", "register return refuse pass-on grant-change refuse-change"),
        (lambda: registered()[0], "second_reviewer", "re-examine"),
        (lambda: submitted()[0], "registrar", "pass-on grant-change refuse-change"),
        (asked_to_change, "registrar", "register return refuse pass-on"),
    ],
)
def test_a_decision_for_which_the_contract_stands_elsewhere_says_so_before_a_form_is_filled_in(
    client, made, role, verbs
):
    contract = made()
    sign_in(client, person(role))

    for verb in verbs.split():
        answer = client.get(address(contract, verb), follow=True)
        assert answer.redirect_chain == [(contract.get_absolute_url(), 302)], verb
        assert contract.get_state_display() in " ".join(map(str, answer.context["messages"])), verb


@pytest.mark.parametrize("verb", ["cancel", "object"])
def test_a_party_is_told_so_as_well(client, verb):
    contract, manager = submitted()
    sign_in(client, manager)

    assert client.get(address(contract, verb)).headers["Location"] == contract.get_absolute_url()


def test_cancelled_by_the_seller_and_told_so_at_the_check(client):
    contract, manager = registered()
    sign_in(client, manager)
    client.post(address(contract, "cancel"), {"reasons": "合同解除", "benefits_enjoyed": "on"})

    verdict = client.get(f"/verify/{contract.code}/").content.decode()

    contract.refresh_from_db()
    assert contract.state == "cancelled"
    assert "已不在登记簿" in verdict
    assert f"<dt>撤销（注销）日期</dt><dd>{date_format(clock.today())}</dd>" in verdict


@pytest.mark.parametrize("on_platform", [True, False])
def test_a_decision_names_only_those_it_is_told_to(client, on_platform):
    buyer = organisation(kind="enterprise")
    contract, _ = registered(**({"buyer_uscc": buyer.uscc} if on_platform else {}))
    absent, both = "买方不在本平台", "双方都会"
    shown, hidden = (both, absent) if on_platform else (absent, both)
    officer = person("officer", "registrar", "second_reviewer")

    sign_in(client, officer)
    offered = client.get(address(contract)).content.decode()
    assert (absent in offered, "并通知双方" in offered) == (not on_platform, on_platform)
    for verb in ("correct-number", "revoke"):
        page = client.get(address(contract, verb)).content.decode()
        assert shown in page
        assert hidden not in page
        given = {"number": number_of(900_001), "reasons": "录入有误"}
        told = str(next(iter(client.post(address(contract, verb), given, follow=True).context["messages"])))
        assert shown in told
        assert hidden not in told


def test_a_check_tells_nothing_of_an_end_that_is_not_there(client):
    contract, _ = registered()

    verdict = client.get(f"/verify/{contract.code}/").content.decode()

    assert "撤销" not in verdict
    assert "编号更正" not in verdict


def test_the_seller_reads_what_follows_before_it_cancels_and_is_asked_once_more(client):
    contract, manager = registered()
    one_list = make_registration_list(by=person("registrar"), contracts=[contract], purpose="申报")
    nothing_in = client_page(client, manager, address(contract, "cancel"))
    day = clock.today()
    enter_receipt(contract, by=manager, instalment=None, amount=12 * WAN, received_on=day, bank_reference="流水一")

    page = client.get(address(contract, "cancel")).content.decode()
    english = client.get("/en" + address(contract, "cancel")).content.decode()
    client.post(address(contract, "cancel"), {"reasons": "合同解除"})

    one_list.refresh_from_db()
    assert 'data-dialog="sure"' in page
    assert "data-dialog-confirm" in page[page.index('<dialog id="sure"') :]
    assert "12 万元" in page
    assert page.count("已收到") == english.count("stays on record") == 2, "on the page, and in the question"
    assert "已收到" not in nothing_in
    assert "It stands on 1 registration list(s): they stay, and show it as cancelled." in english
    assert "This cannot be undone." in english
    assert one_list.state == "issued", "as it was said"


def client_page(client, user, path):
    sign_in(client, user)
    return client.get(path).content.decode()


@pytest.mark.parametrize("upheld", ["yes", "no"])
def test_an_objection_of_the_buyer_is_decided_by_somebody_new(client, upheld):
    buyer = organisation(kind="enterprise")
    contract, _ = registered(buyer_uscc=buyer.uscc)
    sign_in(client, person(member_of=buyer, roles=["manager"]))
    client.post(address(contract, "object"), {"reasons": "金额有误"})
    sign_in(client, person("second_reviewer"))
    client.post(address(contract, "re-examine"), {"upheld": upheld, "reasons": "复核意见"})

    contract.refresh_from_db()
    assert contract.state == ("re_examined" if upheld == "yes" else "revoked")


def test_who_is_offered_what(client):
    contract, manager = registered()
    refused, its_manager = submitted()
    refuse_contract(refused, by=person("registrar"), reasons="不属于技术合同")
    revoked, _ = registered()
    revoke_contract(revoked, by=person("officer"), reasons="虚假材料")

    def offers(user, of):
        sign_in(client, user)
        return {offer["href"].rstrip("/").rsplit("/", 1)[-1] for offer in client.get(address(of)).context["offers"]}

    assert offers(manager, contract) == {"request-change", "object", "cancel"}
    assert offers(its_manager, refused) == {"object"}
    assert offers(person("officer"), contract) == {"revoke"}
    assert offers(person("registrar"), contract) == set()
    assert offers(person("officer"), revoked) == set()


def test_tax_notes_are_those_of_the_day_of_registration(client):
    RegistrationRule.objects.all().delete()
    made = {"kind": "tax", "concerns": "KF ZR XK", "source": "样例通知"}
    RegistrationRule.objects.create(holds_from="2020-01-01", note="旧说明", **made)
    RegistrationRule.objects.create(holds_from="2025-01-01", note="现行说明", **made)
    RegistrationRule.objects.create(holds_from="2090-01-01", note="以后的说明", **made)
    contract, manager = registered()
    sign_in(client, manager)

    page = client.get(address(contract)).content.decode()

    assert "现行说明" in page
    assert "样例通知" in page
    assert "旧说明" not in page
    assert "以后的说明" not in page


INCOME, SECRET, VAT, ALONE, RESEARCH = "减半征收", "技术秘密的转让、许可所得", "经认定登记后", "单独订立", "加计扣除"


@pytest.mark.parametrize(
    ("sub_type", "told"),
    [
        ("KF-commissioned", {VAT, RESEARCH}),
        ("KF-joint", {VAT}),
        ("ZR-patent", {VAT, INCOME}),
        ("ZR-other", {VAT, INCOME}),
        ("ZR-application", {VAT, SECRET}),
        ("ZR-secret", {VAT, SECRET}),
        ("XK-exclusive", {VAT, INCOME}),
        ("XK-secret", {VAT, SECRET}),
        ("ZX-consulting", {ALONE}),
        ("ZX-survey", {ALONE}),
        ("FW-training", {ALONE}),
    ],
)
def test_tax_notes_are_those_of_the_kind_of_contract(client, shipped_notes, sub_type, told):
    contract, manager = registered(contract_type=sub_type[:2], sub_type=sub_type)
    sign_in(client, manager)

    page = client.get(address(contract)).content.decode()

    assert {words for words in (INCOME, SECRET, VAT, ALONE, RESEARCH) if words in page} == told
    if SECRET in told:
        assert "technical secrets has no part in the relief" in client.get("/en" + address(contract)).content.decode()


def test_a_note_that_staff_checked_stays_as_they_left_it(shipped_notes):
    checked = RegistrationRule.objects.get(source=shipped_notes.INCOME)
    RegistrationRule.objects.filter(pk=checked.pk).update(concerns="ZR XK", is_checked=True)

    shipped_notes.tell_by_kind(apps, None)

    checked.refresh_from_db()
    assert checked.concerns == "ZR XK"
    assert RegistrationRule.objects.filter(source=shipped_notes.SHANGHAI).count() == 1


@pytest.fixture
def shipped_notes():
    """Put in force what the migrations ship, whatever a race emptied before."""
    names = {path.stem for path in Path(migrations.__file__).parent.glob("*.py")}
    first, second = (
        import_module(f"marketplace.migrations.{next(each for each in names if each.endswith(ending))}")
        for ending in ("_contracts_of_the_register", "_tax_by_kind")
    )
    RegistrationRule.objects.all().delete()
    RegistrationRule.objects.bulk_create(RegistrationRule(**rule) for rule in first.RULES)
    second.tell_by_kind(apps, None)
    return second


def test_the_page_says_who_decides_on_a_change(client):
    contract, manager = registered()
    validity = {"begins_on": contract.begins_on, "ends_on": contract.ends_on}
    request_contract_change(contract, upload=scan(), by=manager, items=LARGE, reasons="补充协议", **validity)
    registrar, second = person("registrar"), person("second_reviewer")

    for reader in (registrar, manager):
        sign_in(client, reader)
        assert "该变更由复核员决定" in client.get(address(contract)).content.decode()
    assert 'id="waits-for-other"' not in client.get(address(contract)).content.decode()
    sign_in(client, registrar)
    page = client.get(address(contract)).content.decode()
    assert 'id="waits-for-other"' in page
    assert address(contract, "grant-change") not in page
    assert "该变更由复核员决定" in client.get(address(contract, "grant-change")).content.decode()
    sign_in(client, second)
    assert address(contract, "grant-change") in client.get(address(contract)).content.decode()


def test_a_second_reviewer_reads_during_the_first_review_whose_turn_it_is(client):
    contract, _ = submitted(items=LARGE)
    registrar, second = person("registrar"), person("second_reviewer")
    sign_in(client, second)
    assert "现由登记员初审；初审提交复核后，由复核员决定" in client.get(address(contract)).content.decode()

    second_review(contract, by=registrar)
    page = client.get(address(contract)).content.decode()
    assert "现由登记员初审" not in page
    assert address(contract, "register") in page
