"""The desk and the notices in a browser: no barrier for the four kinds of people who work here."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from marketplace.core import clock
from marketplace.deals.models import Deal
from marketplace.deals.talking import add_note
from marketplace.organisations.actions import verify_organisation
from marketplace.organisations.roles import MemberRole, Role
from tasks.delivery import at_once
from tests.factories.people import join, member, organisation, person, sign_in, staff
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.deals import factories as trade
from tests.marketplace.deals.factories import engage
from tests.marketplace.matching import factories as matches

PICTURES = os.environ.get("DESK_PICTURES")


@pytest.fixture
def people(transactional_db):
    """A publisher, a bidder of an enterprise, a registrar and an officer, each with something to do."""
    shown = trade.interest()
    publisher = member(shown.outcome.owner, MemberRole.PUBLISHER, name="沈一鸣")
    matches.proposed(outcome=shown.outcome)
    matches.outcome(of=shown.outcome.owner, title="超低温阀门唇形密封", expires_on=clock.today() + timedelta(days=2))
    contracts.drafted(seller=shown.outcome.owner, by=publisher)
    manager = person(name="样例经理")
    waiting = organisation(name="样例企业待认证", state="pending", manager=manager)
    contracts.submitted()
    trade.broker(valid_until=clock.today() + timedelta(days=20))
    officer = staff(Role.OFFICER, name="区级审核")
    with at_once():
        verify_organisation(waiting, by=staff(Role.OFFICER))
    organisation(name="样例研究院待认证", state="pending", kind="institute")
    join(person(name="样例甲"), waiting, state="requested")
    return {
        "publisher": publisher,
        "manager": manager,
        "registrar": staff(Role.REGISTRAR, name="登记员"),
        "officer": officer,
        "auditor": staff(Role.AUDITOR, name="审计"),
    }


def enter(page, user):
    """Bring the session of a signed-in person into the browser."""
    client = sign_in(Client(), user)
    page.goto("/healthz")
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": page.url}]
    )


def picture(page, name):
    """Keep pictures for whoever looks at the design (DESK_PICTURES names a folder)."""
    if not PICTURES:
        return
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_desk_has_no_barrier_for_anybody(visitor, accessible, people):
    for role, user in people.items():
        page = visitor()
        enter(page, user)
        page.goto("/desk/")
        assert page.locator("h1").inner_text() == "待办"
        accessible(page)
        picture(page, f"desk-{role}")
        page.goto("/notices/")
        accessible(page)
        if role == "manager":
            assert page.locator(".inbox li").count() == 1
            picture(page, "notices")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("way", "title"), [("", "经纪人工作台"), ("/en", "Broker's desk")])
def test_the_desk_of_a_broker_has_no_barrier_and_fits_a_phone(visitor, accessible, way, title):
    trade.rules()
    one = trade.broker()
    for _each in range(2):
        opened = trade.from_match()
        engage(opened.deal, one, **opened.seller.as_party)
        add_note(opened.deal, text="会谈", met_on=clock.today(), **opened.seller.as_party)
    Deal.objects.filter(pk=opened.deal.pk).update(moved_at=clock.now() - timedelta(days=40))
    page = visitor()
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, one.user)

    page.goto(f"{way}/desk/broker/")

    assert page.locator("h1").inner_text() == title
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, f"broker-desk{way.replace('/', '-')}")
