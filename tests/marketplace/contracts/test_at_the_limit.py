"""What a registrar reads in lists: amounts just below the limit of large contracts unrounded, no state of drafts."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from marketplace.contracts.amounts import Item
from marketplace.contracts.dated import RegistrationRule
from marketplace.desk.waiting.contracts import _amount
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, organisation, person, registered, submitted

pytestmark = pytest.mark.django_db

JUST_BELOW = (Item("检测算法与软件开发", 499_999_900, is_technical=True),)


@pytest.fixture
def below():
    """A submitted contract of 4,999,999 yuan, which one registrar decides."""
    contract, _by = submitted(items=JUST_BELOW)
    assert not contract.is_large
    return contract


def shown(client, address, language="zh-hans"):
    """Return the words of a page without its tags."""
    page = client.get(address).content.decode()
    return page.replace("<small>", "").replace("</small>", "")


@pytest.mark.parametrize("page", ["queue", "list", "register"])
def test_the_registrar_reads_an_amount_below_the_limit(client, below, page):
    sign_in(client, person("registrar"))
    address = {
        "queue": reverse("contract-queue"),
        "list": reverse("contract-list"),
        "register": reverse("contract-register", args=[below.code]),
    }[page]

    for prefix, unit, decided in [("", "技术交易额（万元）", "499.9999万元"), ("/en", "(10,000 yuan)", "¥4.999999 m")]:
        words = shown(client, prefix + address)
        assert (decided if page == "register" else ">499.9999<") in words
        assert unit in words or page == "register"
        assert not [rounded for rounded in (">500万元", ">500.00<", ">500<", "¥5.00 m") if rounded in words]


def test_a_list_to_be_made_shows_it_too(client):
    registered(items=JUST_BELOW)
    sign_in(client, person("registrar"))

    words = shown(client, reverse("list-new"))

    assert ">499.9999<" in words
    assert "合同成交额（万元）" in words
    assert not [rounded for rounded in (">500万元", ">500.00<", ">500<") if rounded in words]


def test_a_column_has_one_unit_whatever_the_amounts(client):
    for amount in (8_000, 12_345_600, 34_567 * WAN):
        submitted(items=(Item("开发", amount, is_technical=True),))
    sign_in(client, person("registrar"))

    for page in ("/contracts/", reverse("contract-queue")):
        words = shown(client, page)
        assert [each for each in ("0.008", "12.3456", "34,567.00") if f">{each}</td>" not in words] == []
        assert "亿元" not in words.partition("<tbody")[2].partition("</table>")[0]


def test_the_desk_and_the_rule_say_it_unrounded(below):
    with translation.override("zh-hans"):
        assert _amount(below) == "499.9999 万元"
        assert RegistrationRule(kind="large", amount_wan=10_001).value == "1.0001 亿元"


def test_a_registrar_is_offered_no_drafts_which_others_have():
    seller = person(member_of=organisation(), roles=["manager"])
    offered = {
        who: "draft" in dict(sign_in(Client(), user).get("/contracts/").context["states"])
        for who, user in {
            "registrar": person("registrar"),
            "second reviewer": person("second_reviewer"),
            "registrar of a house": person("registrar", member_of=organisation(), roles=["manager"]),
            "officer": person("officer"),
            "seller": seller,
        }.items()
    }

    assert offered == {
        "registrar": False, "second reviewer": False, "registrar of a house": True, "officer": True, "seller": True,
    }  # fmt: skip
