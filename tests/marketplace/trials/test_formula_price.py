"""A conversion at a base and a share of output: the whole formula stands wherever its base does, and in the draft."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils.translation import override

from marketplace.contracts.from_deal import draft_contract_from_deal
from tests.factories.people import sign_in
from tests.marketplace.matching.factories import WAN
from tests.marketplace.trials.factories import chosen, fresh, in_publicity

pytestmark = pytest.mark.django_db
FORMULA = {"pricing": "formula", "price": 10 * WAN, "output_rate": Decimal(2), "price_cap": 80 * WAN}


def page_of(record, party):
    return sign_in(Client(), party.manager).get(record.get_absolute_url()).content.decode()


def part(page, heading):
    """Return the part of a page that its heading names."""
    return page.split(f'aria-labelledby="{heading}"')[1].split("</section>")[0]


def test_trial_and_deal_show_the_formula_beside_its_base():
    trial, owner, enterprise = chosen(**FORMULA)
    trial = fresh(trial)
    with override("zh-hans"):
        words = trial.terms.price_words

    shown = [part(page_of(trial, enterprise), "paid"), part(page_of(trial.deal, owner), "price")]

    assert [words in each for each in shown] == [True, True]


def test_the_deal_says_once_how_its_price_was_found():
    trial, owner, _enterprise = chosen(**FORMULA)

    page = page_of(fresh(trial).deal, owner)

    assert "试用条款预先约定" in part(page, "price")
    assert "双方商定" not in part(page, "price")
    assert "挂牌定价" not in page


def test_a_price_agreed_between_the_sides_is_still_said_to_be():
    trial, owner, _enterprise = in_publicity()

    page = part(page_of(fresh(trial).deal, owner), "price")

    assert "双方商定" in page
    assert "试用条款预先约定" not in page


def test_the_draft_takes_over_the_mode_and_the_payment_by_output():
    trial, owner, _enterprise = chosen(mode="sole", **FORMULA)

    contract = draft_contract_from_deal(fresh(trial).deal, **owner.as_party)

    assert (contract.contract_type, contract.sub_type, contract.payment) == ("XK", "XK-sole", "royalty")


def test_the_form_of_the_draft_shows_them_chosen():
    trial, owner, _enterprise = chosen(mode="sole", **FORMULA)
    contract = draft_contract_from_deal(fresh(trial).deal, **owner.as_party)

    page = sign_in(Client(), owner.manager).get(f"{contract.get_absolute_url()}change/").content.decode()

    assert '<option value="XK-sole" selected>' in page
    assert '<option value="royalty" selected>' in page
