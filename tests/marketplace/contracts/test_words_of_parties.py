"""What belongs to the register calls the parties as the national form does: 卖方 and 买方, in every table and paper."""

import csv
import io

import pytest
from django.utils import translation

from marketplace.contracts import national
from marketplace.contracts.counting import RegisterRow
from marketplace.contracts.notice import notice_paper
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.contracts.verification import verify
from marketplace.core import clock
from marketplace.indicators.board_tables import distribution_table, register_table
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import person, registered

pytestmark = pytest.mark.django_db

OTHER = ("供方", "需方", "受让方", "受让企业")


def heads_of(client, address):
    content = client.get(address, {"format": "csv"}).content.decode("utf-8-sig")
    return next(csv.reader(io.StringIO(content)))


def test_tables_of_the_register_and_behind_its_figures_say_the_same(client):
    sign_in(client, person("registrar"))

    tables = {
        "list": heads_of(client, "/contracts/lists/export/"),
        "figure": register_table(RegisterRow.objects.none(), is_amount=True)[0],
        "payments": distribution_table(Distribution.objects.none())[0],
    }

    assert {name: [head for head in heads if head in ("卖方", "买方")] for name, heads in tables.items()} == {
        "list": ["卖方", "买方"],
        "figure": ["卖方", "买方"],
        "payments": ["卖方"],
    }
    assert not [head for heads in tables.values() for head in heads if head in OTHER]
    assert not [head for head in national.headings() if head.startswith(OTHER)]
    with translation.override("en"):
        assert register_table(RegisterRow.objects.none(), is_amount=True)[0][4:6] == [
            "Seller of the technology",
            "Buyer",
        ]


def test_notice_and_verification_say_the_same():
    contract, _manager = registered()

    facts = [label for label, _said in notice_paper(contract, address="https://example.org/").blocks[0].rows]
    checked = [label for label, _said in verify(contract.code, at=clock.now()).facts]

    assert [label for label in facts if label in ("卖方", "买方", *OTHER)] == ["卖方", "买方"]
    assert [label for label in checked if label in ("卖方", "买方", *OTHER)] == ["卖方", "买方"]


def test_a_registration_number_tells_the_state_and_no_party(client):
    contract, _manager = registered()

    answer = client.get("/verify/", {"code": contract.number}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/verify/{contract.number}/", 302)]
    assert str(answer.context["verdict"].word) in page
    assert contract.number in page
    assert [each for each in (contract.seller.name, contract.buyer_name, contract.code) if each in page] == []
    assert client.get("/verify/", {"code": contract.number[:-1] + "X"}).status_code == 404
