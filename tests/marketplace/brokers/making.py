"""Schemes, rules, applications and hours: valid by default, brought forward by the real actions only."""

from datetime import date, timedelta

from marketplace.brokers.applications.actions import apply_for_filing
from marketplace.brokers.applications.deciding import check_application
from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.schemes import BrokerScheme
from marketplace.brokers.training.actions import enter_training
from marketplace.core import clock
from tests.factories import people
from tests.marketplace.contracts.factories import person, scan, serial, technical_field

BEGUN = date(2024, 1, 1)


def scheme(**changed):
    facts = {
        "name": f"中级技术经纪人{next(serial)}",
        "level": "medium",
        "issuer": "样例协会",
        "holds_from": BEGUN,
        "months_valid": 36,
        "hours_per_year": 24,
        "source": "样例办法",
    }
    return BrokerScheme.objects.create(**(facts | changed))


def rule(kind, **facts):
    said = {"holds_from": BEGUN, "note": "样例条文", "source": "样例办法第 1 条"}
    return BrokerRule.objects.create(kind=kind, **(said | facts))


def stated(**changed):
    today = clock.today()
    return {
        "name": "林晓岚",
        "scheme": changed.pop("scheme", None) or scheme(),
        "certificate_no": f"样技经 2026-{next(serial):04d}",
        "valid_from": today - timedelta(days=30),
        "valid_until": today + timedelta(days=1000),
        "firm": None,
        "introduction": "",
        **changed,
    }


def applied(*, by=None, proof=None, **changed):
    proof = [scan("证书.pdf")] if proof is None else proof
    return apply_for_filing(by=by or people.person(), fields=[technical_field()], proof=proof, **stated(**changed))


def checked(**how):
    application = applied(**how)
    check_application(application, by=person("officer"))
    return application


def trained(broker, **changed):
    facts = {"held_on": clock.today() - timedelta(days=3), "hours": 8, "course": "合同登记实务", "provider": "样例协会"}
    return enter_training(broker, by=broker.user, proof=[scan("证明.pdf")], **(facts | changed))
