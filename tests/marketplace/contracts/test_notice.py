"""The notice of registration: both amounts, in both languages, for the parties, while the registration stands."""

from decimal import Decimal

import pytest

from marketplace.contracts.actions import register_contract, submit_contract
from marketplace.contracts.amounts import Joint
from marketplace.contracts.dated import RegistrationRule
from marketplace.contracts.ending import revoke_contract
from marketplace.contracts.writing import change_contract
from marketplace.core import clock
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import (
    ITEMS,
    broker,
    credit_code,
    drafted,
    facts,
    number_of,
    organisation,
    person,
    registered,
    submitted,
)
from tests.pdf_text import text_of

pytestmark = pytest.mark.django_db


def test_both_amounts_shares_and_tax_notes_stand_in_it(client):
    RegistrationRule.objects.all().delete()
    RegistrationRule.objects.create(
        kind="tax",
        holds_from="2020-01-01",
        concerns="KF ZR XK",
        note="样例免税说明",
        note_en="Sample note",
        source="样例通知",
    )
    RegistrationRule.objects.create(
        kind="tax", holds_from="2020-01-01", concerns="KF", note="已核对说明", source="样例公告", is_checked=True
    )
    contract, manager = drafted()
    joint = [Joint(name="样例研究院", uscc=credit_code(), region="330304", percent=Decimal(30))]
    change_contract(contract, by=manager, items=ITEMS, joint=joint, **facts())
    submit_contract(contract, by=manager)
    register_contract(contract, by=person("registrar"), number=number_of(901))
    sign_in(client, manager)

    answer = client.get(f"/contracts/{contract.code}/notice/")
    chinese, english = text_of(answer.content), text_of(client.get(f"/en/contracts/{contract.code}/notice/").content)

    assert answer["Content-Type"] == "application/pdf"
    for words in (
        "登记通知书",
        number_of(901),
        "6,000,000.00",
        "4,800,000.00",
        "样例免税说明(样例通知)",
        "以现行文本和税务机关的认定为准",
        "已核对说明(样例公告)",
        "样例研究院",
        "出具单位",
        "瓯海区技术合同登记机构",
        f"出具日期{clock.today().isoformat()}",
        "70.00%",
        "30.00%",
    ):
        assert words in chinese, words
    assert "尚未" not in chinese
    assert "checked" not in english
    assert "尚未与原文核对" not in client.get(f"/contracts/{contract.code}/").content.decode()
    sign_in(client, person("registrar"))
    assert "尚未与原文核对" in client.get(f"/contracts/{contract.code}/").content.decode()
    of_register = text_of(client.get(f"/contracts/{contract.code}/notice/").content)
    assert "样例免税说明(样例通知·尚未与原文核对)" in of_register
    assert "已核对说明(样例公告)" in of_register
    for words in (
        "Noticeofregistration",
        "Samplenote(样例通知)",
        "Thetextsinforceandthetaxofficedecide.",
        "6,000,000.00",
        "4,800,000.00",
    ):
        assert words in english, words


def test_who_gets_it_and_for_how_long(client):
    buyer, known = organisation(kind="enterprise"), broker(user=person())
    contract, manager = registered(buyer_uscc=buyer.uscc, broker=known)
    waiting, its_manager = submitted()
    asked = [
        (manager, contract, 200),
        (person(member_of=buyer, roles=["manager"]), contract, 200),
        (person("registrar"), contract, 200),
        (known.user, contract, 404),
        (person(member_of=organisation(), roles=["manager"]), contract, 404),
        (its_manager, waiting, 404),
    ]

    for user, of, status in asked:
        sign_in(client, user)
        assert client.get(f"/contracts/{of.code}/notice/").status_code == status
    revoke_contract(contract, by=person("officer"), reasons="虚假材料")
    sign_in(client, manager)
    assert client.get(f"/contracts/{contract.code}/notice/").status_code == 404
