"""An agent applies with a power of attorney, the organiser looks at it: each page read by the axe, wide and narrow."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.journeys.people import Walker
from tests.marketplace.auctions.making import announced_lot, member, organisation, person

pytestmark = pytest.mark.long

PDF = {"mimeType": "application/pdf", "buffer": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"}


@pytest.mark.django_db(transaction=True)
def test_an_agent_applies_and_the_organiser_finds_the_power_in_order(browser, house):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))
    agent = Walker(browser, house.address, member(organisation(), "bidder")).sign_in()
    today, begins = timezone.localdate(), timezone.localdate(lot.starts_at)
    agent.open(reverse("lot-apply", args=[lot.number]))
    agent.type(capacity="agent", valid_from=today.isoformat(), valid_until=begins.isoformat(), declared=True)
    agent.type(power_of_attorney=[PDF | {"name": "授权委托书.pdf"}], business_licence=[PDF | {"name": "执照.pdf"}])
    agent.press("提交报名")
    registration = lot.registrations.get()
    assert agent.address == registration.get_absolute_url()
    organiser = Walker(browser, house.address, person("organiser")).sign_in_at_the_door()
    organiser.open(reverse("registration-review", args=[registration.code]))

    organiser.press("符合要求")

    assert registration.authorities.get().state == "accepted"
    agent.open(registration.get_absolute_url())
    agent.page.set_viewport_size({"width": 390, "height": 844})
    agent.look()
    for walker in (agent, organiser):
        walker.leave()
