"""What is being tried is not offered without a word on it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.auctions import actions
from marketplace.auctions.burdens import TrialNotNamed, TrialOfALotNotNamed
from marketplace.auctions.models import Lot
from marketplace.auctions.rewriting import rewrite_lot
from marketplace.trials.models import Trial
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import WAN, member, person, planned
from tests.marketplace.trials.factories import requested

pytestmark = pytest.mark.django_db

NAMED = "一家企业先用后转试用中，至 2027-03-01，期满可按约定价受让普通许可。"


def offered(outcome, session, **facts):
    times = {"starts_at": session.starts_at, "ends_at": session.starts_at + timedelta(hours=1)}
    terms = {"mode": "assignment", "object_of_sale": "普通许可", "start_price": 100 * WAN}
    return actions.add_lot(session, by=person("organiser"), outcome=outcome, **times, **terms, **facts)


def test_a_trial_is_named_in_the_terms_of_the_lot():
    outcome = requested().trial.outcome
    session = planned()

    with pytest.raises(TrialNotNamed) as refused:
        offered(outcome, session, defects=" ")
    lot = offered(outcome, session, defects=NAMED)
    with pytest.raises(TrialNotNamed):
        rewrite_lot(lot, by=person("organiser"), defects="")

    assert refused.value.field == "defects"
    assert Lot.objects.get().defects == NAMED


def test_one_that_was_asked_for_since_keeps_the_lot_from_being_announced():
    trial = requested().trial
    lot = offered(trial.outcome, planned(), defects=NAMED)
    actions.submit_lot(lot, by=member(trial.outcome.owner, "publisher"), organisation=trial.outcome.owner)
    actions.approve_lot(lot, by=person("organiser"))
    Lot.objects.filter(pk=lot.pk).update(defects="")
    lot.session.refresh_from_db()

    with pytest.raises(TrialOfALotNotNamed, match=lot.number):
        actions.announce_session(lot.session, by=person("organiser"))


def test_the_form_says_so_beside_the_burdens_and_keeps_what_was_typed(client):
    trial = requested().trial
    session = planned()
    sign_in(client, person("organiser"))
    address = reverse("lot-add", args=[session.number])

    page = client.post(address, {"outcome": trial.outcome.pk, "object_of_sale": "普通许可一项", "defects": ""})

    assert "1 项先用后转正在申请或试用" in page.context["form"].errors["defects"][0]
    assert "普通许可一项" in page.content.decode()


def test_what_nobody_tries_needs_no_word():
    trial = requested().trial
    Trial.objects.filter(pk=trial.pk).update(state="withdrawn")

    assert offered(trial.outcome, planned()).state == "draft"
