"""The deal of a conversion comes of its trial and says so; nobody is made to have shown or accepted an interest."""

import pytest
from django.urls import reverse

from marketplace.core.journal import Entry, Kind
from marketplace.deals.interest import Interest
from marketplace.notices.models import Notice
from tasks.delivery import at_once
from tests.factories.people import sign_in
from tests.marketplace.deals import factories as deals
from tests.marketplace.trials.factories import chosen, fresh, in_publicity, pooled


@pytest.mark.django_db
@pytest.mark.parametrize("convert", [chosen, in_publicity])
def test_a_conversion_makes_no_interest(convert):
    trial, _owner, enterprise = convert()

    deal = fresh(trial).deal

    assert (deal.interest, deal.need, deal.trial_number) == (None, None, trial.number)
    assert not Interest.objects.exists()
    assert not Entry.objects.filter(kind__in=[Kind.INTEREST_SHOWN, Kind.INTEREST_ANSWERED]).exists()
    opened = Entry.objects.about(deal).get(kind=Kind.DEAL_OPENED)
    assert (opened.data["origin"], opened.data["trial"]) == ("trial", trial.number)
    assert opened.on_behalf_of == enterprise.organisation


@pytest.mark.django_db
def test_an_interest_that_waited_is_answered_by_the_conversion_and_by_nobody(client):
    entry, _owner = pooled()
    asks = deals.enterprise()
    shown = deals.interest(of=asks, on=entry.outcome)
    tried = chosen(on=entry, by=asks)

    shown.refresh_from_db()
    deal = fresh(tried.trial).deal

    assert (shown.state, shown.answered_by, deal.interest) == ("accepted", None, shown)
    for reader in (tried.owner.manager, tried.enterprise.manager):
        sign_in(client, reader)
        assert tried.trial.number in client.get(reverse("interest-list")).content.decode()
        page = client.get(shown.get_absolute_url()).content.decode()
        assert tried.trial.number in page
        assert "转化而办结" in page
    other = deals.from_interest().deal.interest
    sign_in(client, other.outcome.owner.memberships.first().user)
    assert "转化而办结" not in client.get(other.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_page_history_and_table_name_the_trial(client):
    trial, owner, enterprise = chosen()
    deal = fresh(trial).deal
    for reader in (owner.manager, enterprise.manager):
        sign_in(client, reader)
        page = client.get(deal.get_absolute_url()).content.decode()
        assert f'<a class="id" href="{trial.get_absolute_url()}">{trial.number}</a>' in page
        assert page.count(trial.number) >= 2  # in the head and where it says what happened
        table = client.get(reverse("deal-export") + "?format=csv").content.decode("utf-8-sig")
        assert trial.number in table
        assert "没有意向" in client.get(reverse("interest-list")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_both_hear_of_the_deal_and_nobody_of_an_interest():
    with at_once():
        trial, owner, _enterprise = chosen()

    path = fresh(trial).deal.get_absolute_url()
    assert Notice.objects.filter(kind="deal.opened_by_trial", user=owner.manager, path=path).exists()
    assert not Notice.objects.filter(kind__startswith="interest.").exists()
