"""What stands against something is told whole."""

import pytest
from django import forms
from django.utils.translation import override

from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused, Several, refuse


class TooLow(Refused):
    message = "%(amount)s is too low."
    field = "amount"


class TooLate(Refused):
    message = "It is too late."
    field = "day"


class Closed(Refused):
    message = "It is closed."


class Offer(forms.Form):
    amount = forms.IntegerField()
    day = forms.DateField()


def test_without_a_reason_nothing_is_refused():
    refuse()
    refuse(None, None)


def test_the_only_reason_is_raised_as_it_is():
    with pytest.raises(TooLate):
        refuse(None, TooLate(), None)


def test_more_reasons_are_one_refusal_with_all_sentences_and_the_first_ones_code():
    with pytest.raises(Several) as refused:
        refuse(TooLow(amount=3), None, Closed())

    with override("en"):
        assert (str(refused.value), refused.value.code) == ("3 is too low. It is closed.", "TooLow")


def test_a_form_shows_each_reason_beside_its_field_and_the_others_above():
    form = Offer({"amount": "3", "day": "2026-11-29"})

    put_beside(form, Several([TooLow(amount=3), TooLate(), Closed()]))

    assert form.errors == {"amount": ["3 is too low."], "day": ["It is too late."], "__all__": ["It is closed."]}
