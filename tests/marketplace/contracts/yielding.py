"""Contracts of an institute whose plan in effect shares shares or the profit of years, by the real actions."""

from datetime import date, timedelta
from decimal import Decimal

from marketplace.contracts.sharing.allotting import allot_shares
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.yearly import report_profit
from marketplace.core import clock
from tests.marketplace.contracts import shared
from tests.marketplace.contracts.factories import registered, scan

LAW = {"kind": "floor", "holds_from": date(2015, 10, 1), "note": "说明", "source": "第四十五条", "source_en": "Art. 45"}
FORMED = {"company": "瓯江样例科技公司", "unit": "shares", "amount": 1001, "company_total": 3000}


def house(*, inventors=None, **terms):
    """Return an institute with a registered contract and a plan in effect about what `terms` say."""
    here = shared.house()
    SharingRule.objects.get_or_create(**LAW, concerns="shares", percent=50)
    SharingRule.objects.get_or_create(**LAW, concerns="profit", percent=5, years=3, years_most=5)
    facts = {"contract_type": "ZR", "sub_type": "ZR-patent", "seller_region": "330304", "items": shared.ITEMS}
    here.contract, _by = registered(seller=here.institute, by=here.manager, **facts)
    if terms:
        first, second = inventors or (Decimal("33.33"), Decimal("33.33"))
        rest = Decimal(100) - first - second
        payees = shared.parts(here, inventors=(first, second), department=rest / 2, institute=rest - rest / 2)
        here.plan = shared.effective(here, payees=payees, **terms)
    return here


def of_shares():
    return house(basis="shares")


def of_profit(**terms):
    """Return a house whose plan shares 6 per cent of the profit of this year and the two after it."""
    return house(inventors=(Decimal("3.50"), Decimal("2.50")), basis="profit", profit_years=3, **terms)


def allot(here, *, by=None, **changed):
    facts = FORMED | {"registered_on": clock.today(), "upload": scan()} | changed
    return allot_shares(here.contract, by=by or here.finance, **facts)


def after(years=1):
    """Move the clock to the spring after this year, or a later one."""
    return clock.moved_to(clock.now().replace(year=clock.today().year + years, month=3, day=2) + timedelta(hours=1))


def report(here, *, profit=1_000_001, year=None, by=None, upload=None):
    """Report the profit of this year; the clock was moved on."""
    year = year or here.plan.profit_from
    return report_profit(here.contract, by=by or here.finance, year=year, profit=profit, upload=upload or scan())
