"""An enterprise, its people, a liaison and an officer; and a need of it as a draft, in review and public."""

import copy
from types import SimpleNamespace

import pytest
from django.test import Client

from marketplace.core.classifications import Industry, TechnicalField
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.roles import MemberRole, Role
from marketplace.reviews.setup import ensure_workflows
from tests.factories.people import member, organisation, person, sign_in, staff


@pytest.fixture(scope="module")
def lasting_trade(lasting):
    ensure_workflows()
    manager = person()
    enterprise = organisation(manager=manager, name="样例企业甲", region="330304")
    other = organisation(manager=person(), name="样例企业乙")
    return SimpleNamespace(
        enterprise=enterprise, manager=manager, publisher=member(enterprise, MemberRole.PUBLISHER),
        bidder=member(enterprise, MemberRole.BIDDER), rival=other.memberships.get().user, other=other,
        liaison=staff(Role.LIAISON), officer=staff(Role.OFFICER), auditor=staff(Role.AUDITOR), stranger=person(),
        field=TechnicalField.objects.create(code="03", name="先进制造"),
        industry=Industry.objects.create(code="C3351", name="建筑、家具用金属配件制造"),
    )  # fmt: skip


@pytest.fixture
def trade(lasting_trade, for_now):
    return copy.deepcopy(lasting_trade)


def complete(trade):
    """Return what an enterprise types into the form, complete."""
    return {
        "title": "智能锁静态功耗降低",
        "problem": "锁具待机电流约 60 微安，四节干电池只能用六个月，用户频繁换电池，售后成本高。",
        "field": trade.field.pk, "industry": trade.industry.pk, "mode": "commissioned", "budget_low": "50",
        "budget_high": "80", "deadline": "2099-06-30", "indicators-TOTAL_FORMS": "1", "indicators-INITIAL_FORMS": "0",
        "indicators-MIN_NUM_FORMS": "0", "indicators-MAX_NUM_FORMS": "1000", "indicators-0-name": "待机电流",
        "indicators-0-comparison": "le", "indicators-0-value": "20", "indicators-0-unit": "µA",
    }  # fmt: skip


@pytest.fixture
def typed(trade):
    return complete(trade)


def posted(trade, button):
    """Return the need that a publisher typed in on its page."""
    sign_in(Client(), trade.publisher).post("/needs/new/", {**complete(trade), button: "1"})
    return TechnologyNeed.objects.get()


def decide(need, by):
    state = need.pending_review
    state.task.specific.on_action(state, by, "approve")
    need.refresh_from_db()


# one of them at most in a file: its tests look for the one need there is


@pytest.fixture(scope="module")
def lasting_draft(lasting_trade):
    return posted(lasting_trade, "save")


@pytest.fixture
def draft(lasting_draft, for_now):
    return TechnologyNeed.objects.get()


@pytest.fixture(scope="module")
def lasting_sent(lasting_trade):
    return posted(lasting_trade, "submit")


@pytest.fixture
def sent(lasting_sent, for_now):
    return TechnologyNeed.objects.get()


@pytest.fixture(scope="module")
def lasting_public(lasting_trade):
    need = posted(lasting_trade, "submit")
    decide(need, lasting_trade.liaison)
    decide(need, lasting_trade.officer)
    return need


@pytest.fixture
def public(lasting_public, for_now):
    return TechnologyNeed.objects.get()
