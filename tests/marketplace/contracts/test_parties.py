"""Data of the parties as the national form asks it, and the export opened again field by field."""

import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from marketplace.contracts.actions import submit_contract
from marketplace.contracts.party import PartyData, Side
from marketplace.contracts.party_writing import keep_party_data
from marketplace.contracts.refusals import EnterprisesOnly, ScaleMissing
from marketplace.core.classifications import Industry
from marketplace.core.refusals import WrongState
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, broker, drafted, organisation, person

pytestmark = pytest.mark.django_db


def side(**changed):
    return {
        "kind": "150",
        "country": "156",
        "is_transfer_org": False,
        "is_rd_org": True,
        "is_converted": False,
        "in_hitech_zone": True,
        "is_listed": False,
        "scale": "small",
        "industry": None,
        "address": "瓯海区样例路 1 号",
        "representative": "样例法人",
        "contact": "样例联系人",
        "phone": "0577-00000000",
        "postcode": "325000",
        **changed,
    }


INSTITUTE = {"kind": "021", "scale": "", "in_hitech_zone": False}


def kept(contract, manager, buyer=None, seller=None):
    given = {"buyer": side(**(buyer or {})), "seller": side(**(INSTITUTE | (seller or {})))}
    keep_party_data(contract, by=manager, parties=given)


def test_both_sides_are_kept_until_the_contract_is_sent():
    contract, manager = drafted()
    kept(contract, manager)
    kept(contract, manager, buyer={"contact": "另一人"})
    submit_contract(contract, by=manager)

    with pytest.raises(WrongState):
        kept(contract, manager)

    assert sorted(contract.party_data.values_list("side", "kind", "contact")) == [
        ("buyer", "150", "另一人"),
        ("seller", "021", "样例联系人"),
    ]


@pytest.mark.parametrize(("buyer", "refusal"), [({"scale": ""}, ScaleMissing), ({"kind": "022"}, EnterprisesOnly)])
def test_what_is_asked_of_enterprises_only(buyer, refusal):
    contract, manager = drafted()

    with pytest.raises(refusal):
        kept(contract, manager, buyer=buyer)

    assert not PartyData.objects.exists()


def posted(**sides):
    flags = ("is_transfer_org", "is_rd_org", "is_converted", "in_hitech_zone", "is_listed")
    return {
        f"{name}-{key}": "on" if key in flags else value
        for name, fields in sides.items()
        for key, value in fields.items()
        if value not in (False, None)
    }


def test_a_phone_nobody_can_dial_is_told_beside_its_field(client):
    contract, manager = drafted()
    sign_in(client, manager)
    path = f"/contracts/{contract.code}/parties/"

    answer = client.post(path, posted(buyer=side(phone="123-4 转"), seller=side(**INSTITUTE)))
    kept_at_last = client.post(path, posted(buyer=side(phone="12345"), seller=side(**INSTITUTE)))

    buyers = dict(answer.context["sides"])[Side.BUYER.label]
    assert list(buyers.errors) == ["phone"]
    assert "5" in buyers.errors["phone"][0]
    assert kept_at_last.status_code == 302
    assert contract.party_data.get(side="buyer").phone == "12345"


def test_filled_in_on_its_page_and_proposed_for_the_next_contract(client):
    contract, manager = drafted()
    other, _ = drafted(seller=contract.seller, by=manager)
    sign_in(client, manager)
    lacking = client.post(
        f"/en/contracts/{contract.code}/parties/", posted(buyer=side(scale=""), seller=side(**INSTITUTE))
    )
    in_chinese = client.post(
        f"/contracts/{contract.code}/parties/", posted(buyer=side(scale=""), seller=side(**INSTITUTE))
    )
    wrong = client.post(
        f"/contracts/{contract.code}/parties/", posted(buyer=side(postcode="12"), seller=side(**INSTITUTE))
    )
    client.post(f"/contracts/{contract.code}/parties/", posted(buyer=side(), seller=side(**INSTITUTE)))

    page = client.get(f"/contracts/{contract.code}/").content.decode()
    proposed = dict(client.get(f"/contracts/{other.code}/parties/").context["sides"])

    assert "choose the scale of the enterprise" in lacking.content.decode()
    assert "请选择企业规模" in in_chinese.content.decode()
    assert "邮政编码为六位数字" in wrong.content.decode()
    assert "瓯海区样例路 1 号" in page
    assert [form.initial.get("contact") for form in proposed.values()] == [None, "样例联系人"]


def test_contacts_are_read_by_the_parties_and_the_register_only(client):
    known = broker(user=person())
    buyer = organisation(kind="enterprise")
    contract, manager = drafted(broker=known, buyer_uscc=buyer.uscc)
    kept(contract, manager)
    submit_contract(contract, by=manager)
    people = {
        "seller": manager,
        "buyer": person(member_of=buyer, roles=["manager"]),
        "registrar": person("registrar"),
        "broker": known.user,
    }

    def reads(user):
        sign_in(client, user)
        return "样例联系人" in client.get(f"/contracts/{contract.code}/").content.decode()

    assert {who for who, user in people.items() if reads(user)} == {"seller", "buyer", "registrar"}


def at_midnight(day):
    return datetime.combine(day, datetime.min.time())


def test_the_export_holds_every_field_in_the_national_order(client):
    industry = Industry.objects.get_or_create(code="C3351", defaults={"name": "锁具", "name_en": "Locks"})[0]
    plans = {"expected_investment": 300 * WAN, "expected_output": 2_000 * WAN}
    contract, manager = drafted(payment="instalments", ip_kind="none", **plans)
    kept(contract, manager, buyer={"industry": industry})
    submit_contract(contract, by=manager)
    sign_in(client, manager)

    book = load_workbook(io.BytesIO(client.get("/contracts/export/").content))

    heads, row = ([cell.value for cell in line] for line in book.active.iter_rows(min_row=1, max_row=2))
    found = dict(zip(heads, row, strict=True))
    expected = [
        ("项目名称 projectname", contract.project_name),
        ("合同类型 contracttype", "技术开发"),
        ("合同类别", "委托开发"),
        ("买方名称 buyername", contract.buyer_name),
        ("买方统一社会信用代码", contract.buyer_uscc),
        ("买方行政区划代码", "330304"),
        ("卖方名称", contract.seller.name),
        ("卖方统一社会信用代码", contract.seller.uscc),
        ("卖方行政区划代码", "330304"),
        ("合同成交总额（元） totalamount", 6_000_000),
        ("技术交易额（元） technicalamount", 4_800_000),
        ("合同签订日期 signdate", at_midnight(contract.signed_on)),
        ("合同有效期起 contractbegindate", at_midnight(contract.begins_on)),
        ("合同有效期止 contractenddate", at_midnight(contract.ends_on)),
        ("支付方式 paymethod", contract.get_payment_display()),
        ("关联交易 isrelated", "否"),
        ("项目计划来源 projectplantype", contract.get_plan_source_display()),
        ("知识产权 ipr", contract.get_ip_kind_display()),
        ("技术领域 techarea", str(contract.field)),
        ("社会经济目标", contract.get_objective_display()),
        ("预计新增投入（元）", 3_000_000),
        ("预计新增产值（元）", 20_000_000),
        ("买方性质 buyertype", "150 有限责任公司"),
        ("买方是否技术转移机构 buyer_jszyjg", "否"),
        ("买方是否研发机构 buyer_isyfjg", "是"),
        ("买方是否转制科研院所 buyer_zzkyys", "否"),
        ("买方是否国家高新区内企业 buyer_countrygxqqy", "是"),
        ("买方是否上市公司 buyer_islist", "否"),
        ("买方企业规模 buyer_scale", "小型"),
        ("买方国民经济行业", str(industry)),
        ("买方国别代码", "156"),
        ("买方地址 buyer_address", "瓯海区样例路 1 号"),
        ("买方法定代表人 buyer_representative", "样例法人"),
        ("买方联系人 buyer_contact", "样例联系人"),
        ("买方联系电话 buyer_contacttel", "0577-00000000"),
        ("买方邮政编码 buyer_zipcode", "325000"),
        ("卖方性质", "021 事业法人：科研机构"),
        ("卖方是否技术转移机构", "否"),
        ("卖方是否研发机构", "是"),
        ("卖方是否转制科研院所", "否"),
        ("卖方是否国家高新区内企业", None),
        ("卖方是否上市公司", None),
        ("卖方企业规模", None),
        ("卖方国民经济行业", None),
        ("卖方国别代码", "156"),
        ("卖方地址", "瓯海区样例路 1 号"),
        ("卖方法定代表人", "样例法人"),
        ("卖方联系人", "样例联系人"),
        ("卖方联系电话", "0577-00000000"),
        ("卖方邮政编码", "325000"),
        ("状态", contract.get_state_display()),
        ("提前终止", ""),
        ("合同登记编号", None),
        ("登记日期", None),
        ("平台编码", contract.code),
        ("共同卖方及份额", None),
        ("共同卖方成交总额（元）", None),
        ("共同卖方技术交易额（元）", None),
    ]
    assert heads == [head for head, _value in expected]
    assert {head: found[head] or None for head in heads} == {head: value or None for head, value in expected}


@pytest.mark.parametrize(("prefix", "said"), [("", "提交后不能再补填"), ("/en", "cannot be filled in once")])
def test_who_is_about_to_send_a_contract_without_them_is_told(client, prefix, said):
    contract, manager = drafted()
    sign_in(client, manager)
    address = f"{prefix}/contracts/{contract.code}/"

    before = client.get(address).content.decode()
    kept(contract, manager)

    assert said in before
    assert said not in client.get(address).content.decode()
