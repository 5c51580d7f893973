"""An enterprise with a need, its people, a liaison and an officer."""

import copy
from types import SimpleNamespace

import pytest

from marketplace.core.classifications import Industry, TechnicalField
from marketplace.organisations.roles import MemberRole, Role
from marketplace.reviews.setup import ensure_workflows
from tests.factories.people import member, organisation, person, staff


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


@pytest.fixture
def typed(trade):
    """Return what an enterprise types into the form, complete."""
    return {
        "title": "智能锁静态功耗降低",
        "problem": "锁具待机电流约 60 微安，四节干电池只能用六个月，用户频繁换电池，售后成本高。",
        "field": trade.field.pk, "industry": trade.industry.pk, "mode": "commissioned", "budget_low": "50",
        "budget_high": "80", "deadline": "2099-06-30", "indicators-TOTAL_FORMS": "1", "indicators-INITIAL_FORMS": "0",
        "indicators-MIN_NUM_FORMS": "0", "indicators-MAX_NUM_FORMS": "1000", "indicators-0-name": "待机电流",
        "indicators-0-comparison": "le", "indicators-0-value": "20", "indicators-0-unit": "µA",
    }  # fmt: skip
