"""Choices of records in forms are sent by code or user name; primary keys stay inside."""

import re

import pytest

from marketplace.auctions.application_forms import AuthorityForm
from marketplace.auctions.priority_forms import HolderForm
from marketplace.brokers.applications.forms import ApplicationForm
from marketplace.brokers.forms import BrokerForm
from marketplace.core.classifications import TechnicalField
from tests.factories.people import join, member, organisation, person
from tests.marketplace.auctions.making import announced_lot
from tests.marketplace.contracts.factories import broker, technical_field

pytestmark = pytest.mark.django_db


def offered(form, name):
    """Return the values a page offers for one field, the empty one left out."""
    return {value for value in re.findall(r'value="([^"]*)"', str(form[name])) if value}


def chosen(form, name):
    return re.findall(r'value="([^"]*)" (?:selected|checked|id="[^"]*" checked)', str(form[name]))


def test_the_register_of_brokers_offers_firms_and_fields_by_code():
    firm, field = organisation(kind="brokerage"), technical_field()
    filed = broker(firm=firm)

    new, changed = BrokerForm(), BrokerForm(instance=filed)

    assert offered(new, "firm") == {firm.code}
    assert offered(new, "fields") == set(TechnicalField.objects.filter(parent=None).values_list("code", flat=True))
    assert (chosen(changed, "firm"), chosen(changed, "fields")) == ([firm.code], [field.code])


def test_an_application_offers_firms_and_fields_by_code():
    firm, applicant = organisation(kind="brokerage"), person()
    join(applicant, firm)
    field = technical_field()

    form = ApplicationForm({"firm": firm.code, "fields": [field.code]}, user=applicant)

    assert (offered(form, "firm"), field.code in offered(form, "fields")) == ({firm.code}, True)
    form.is_valid()
    assert (form.cleaned_data["firm"], list(form.cleaned_data["fields"])) == (firm, [field])


def test_holders_of_priority_rights_are_chosen_by_code():
    lot = announced_lot()
    firm = organisation()

    form = HolderForm({"organisation": firm.code}, lot=lot)

    assert firm.code in offered(form, "organisation")
    assert str(firm.pk) not in offered(form, "organisation")
    form.is_valid()
    assert form.cleaned_data["organisation"] == firm


def test_agents_are_chosen_by_user_name():
    firm = organisation()
    agent = member(firm, "bidder")

    form = AuthorityForm({"agent": agent.username}, organisation=firm)

    assert offered(form, "agent") == {agent.username}
    form.is_valid()
    assert form.cleaned_data["agent"] == agent
