"""Form fields of the trade: money, credit codes, patent numbers."""

import pytest
from django import forms
from django.utils import translation

from marketplace.core.forms import MoneyField, PatentField, UsccField, colon_after
from marketplace.core.identifiers import uscc_check_digit


class Offer(forms.Form):
    price = MoneyField(least=100, most=10_000_000_000)
    deposit = MoneyField(unit="元", required=False)


def test_money_is_typed_in_ten_thousands_and_kept_in_fen():
    form = Offer({"price": "220", "deposit": "40,000"})

    assert form.is_valid()
    assert form.cleaned_data == {"price": 220_000_000, "deposit": 4_000_000}


def test_an_empty_optional_amount_is_none():
    form = Offer({"price": "1", "deposit": ""})

    assert form.is_valid()
    assert form.cleaned_data["deposit"] is None


def test_the_initial_amount_is_shown_exactly():
    form = Offer(initial={"price": 220_555_501, "deposit": 4_000_000})

    assert form["price"].value() == "220.555501"
    assert form["deposit"].value() == "40000"


def test_wrong_amounts_say_why_and_stay_in_the_field():
    for text in ("abc", "0", "2 亿"):
        form = Offer({"price": text})

        assert "price" in form.errors
        assert form["price"].value() == text


def test_the_bound_is_named_in_the_readers_language():
    with translation.override("en"):
        assert Offer({"price": "2亿"}).errors["price"] == ["The amount is at most ¥100.00 m."]


def test_unchanged_money_is_unchanged():
    assert not MoneyField().has_changed(220_000_000, "220")
    assert MoneyField().has_changed(220_000_000, "221")


@pytest.mark.parametrize(
    ("label", "language", "between"),
    [("价格", "zh-hans", "："), ("您想用它做什么？", "zh-hans", ""), ("我们已阅读。", "zh-hans", "")]
    + [("Price", "en", ": "), ("What for?", "en", " "), ("We have read it.", "en", " ")],
)
def test_no_colon_follows_a_label_that_is_a_sentence(label, language, between):
    with translation.override(language):
        assert colon_after(label) == between


def test_identifiers_are_cleaned_to_their_printed_form():
    body = "91000000MA0000001"
    code = body + uscc_check_digit(body)

    assert UsccField().clean(f" {code.lower()} ") == code
    assert UsccField(required=False).clean("") == ""
    assert PatentField().clean("zl 201410424697．5") == "ZL201410424697.5"
