"""How a price is laid down, as staff and parties read it: a trial's in the words of its terms, also of its deal."""

import csv
from io import BytesIO, StringIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people
from tests.marketplace.matching.factories import WAN
from tests.marketplace.trials.factories import chosen
from tests.standing_site import ensure_site

pytestmark = pytest.mark.usefixtures("for_now")

FORMULA = {"pricing": "formula", "price": 20 * WAN, "output_rate": 3, "price_cap": 90 * WAN}
SAID = [
    ("zh-hans", ["固定价", "入门费加产值提成，设上限"], "挂牌"),
    ("en", ["fixed price", "base and a share of output, up to a cap"], "listing price"),
]


@pytest.fixture(scope="module")
def officer(lasting):
    ensure_site()
    set_up_groups()
    chosen()
    chosen(**FORMULA)
    return people.staff(Role.OFFICER)


def exported(client, listing):
    answer = client.get(f"/admin/{listing}/?export=csv")
    content = b"".join(answer.streaming_content if answer.streaming else [answer.content])
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("listing", ["trials", "deals"])
@pytest.mark.parametrize(("language", "words", "never"), SAID)
def test_staffs_lists_say_what_the_terms_say(officer, listing, language, words, never):
    profile = UserProfile.get_for_user(officer)
    profile.preferred_language = language
    profile.save()
    client = people.sign_in(Client(), officer)

    page = client.get(f"/admin/{listing}/results/").content.decode()
    cells = {cell for row in exported(client, listing) for cell in row}

    assert [said for said in words if said not in page] == []
    assert [said for said in words if said not in cells] == []
    assert never not in page
    assert not {"listing", "fixed", "formula"} & cells


@pytest.mark.parametrize(("language", "words", "never"), SAID)
def test_the_ledger_and_its_export_say_so_too(officer, language, words, never):
    client = people.sign_in(Client(), officer)
    prefix = "" if language == "zh-hans" else "/en"

    page = client.get(f"{prefix}/trials/").content.decode()
    sheet = load_workbook(BytesIO(client.get(f"{prefix}/trials/export/").content)).active

    cells = {str(cell).lower() for row in sheet.values for cell in row}
    assert all(said in page and said in cells for said in words)
    assert never not in page
