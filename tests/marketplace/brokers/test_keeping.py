"""Rules about brokers as officers keep them: what holds already is not rewritten, what does not fit is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.keeping import keep_broker_rule, keep_broker_scheme
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.keeping import keep_sharing_rule
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.keeping import HoldsAlready, NotInOrder
from marketplace.core.refusals import Refused
from marketplace.deals.dated import DealRule
from marketplace.deals.keeping import keep_deal_rule
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.pooling import keep_trial_policy
from tests.marketplace.brokers.making import rule, scheme
from tests.marketplace.contracts.factories import person

pytestmark = pytest.mark.django_db

RATE = {"basis": "technical", "percent": Decimal("1.50"), "cap_project": 5_000_000, "cap_year": 20_000_000}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("percent", "2.00"),
        ("basis", "paid"),
        ("cap_project", None),
        ("cap_year", 30_000_000),
        ("holds_from", clock.today() + timedelta(days=1)),
    ],
)
def test_what_a_rule_lays_down_is_not_rewritten_once_it_holds(name, value):
    kept = rule("reward", holds_from=clock.today(), **RATE)
    before = getattr(kept, name)
    setattr(kept, name, value)

    with pytest.raises(HoldsAlready) as refused:
        keep_broker_rule(rule=kept, by=person("officer"))

    kept.refresh_from_db()
    assert (getattr(kept, name), refused.value.field) == (before, name)
    assert not Entry.objects.filter(kind=Kind.BROKER_RULE_CHANGED).exists()


def test_words_about_a_rule_are_put_right_while_it_holds():
    kept = BrokerRule.objects.get(pk=rule("reward", **RATE).pk)
    kept.source, kept.is_checked = "样例办法第 5 条", True

    keep_broker_rule(rule=kept, by=person("officer"))

    kept.refresh_from_db()
    assert (kept.source, kept.is_checked) == ("样例办法第 5 条", True)


def test_a_rule_that_does_not_hold_yet_is_changed_and_a_newer_one_of_the_same_day_counts():
    today = clock.today()
    coming = rule("reward", holds_from=today + timedelta(days=1), **RATE)
    rule("objection", days=5)
    coming.percent = Decimal("2.00")
    keep_broker_rule(rule=coming, by=person("officer"))

    keep_broker_rule(
        rule=BrokerRule(kind="objection", days=7, holds_from="2024-01-01", note="更正", source="样例办法第 1 条"),
        by=person("officer"),
    )

    coming.refresh_from_db()
    assert coming.percent == 2
    assert BrokerRule.objects.holding("objection", today).days == 7


def test_what_does_not_fit_is_refused_in_words_beside_its_field():
    officer = person("officer")
    wrong = [
        (keep_broker_rule, "rule", BrokerRule(kind="objection", holds_from="2030-01-01", note="-", source="-"), "days"),
        (keep_broker_scheme, "scheme", scheme(), "months_valid"),
        (keep_sharing_rule, None, SharingRule(kind="term", holds_from="2030-01-01", note="-", source="-"), "days"),
        (keep_deal_rule, None, DealRule(kind="term", days=0, holds_from="2030-01-01", source="-"), "days"),
        (keep_trial_policy, "policy", TrialPolicy(holds_from=clock.today() - timedelta(days=1)), "holds_from"),
    ]
    wrong[1][2].months_valid = 0

    said = {}
    for keep, name, record, field in wrong:
        with pytest.raises(Refused) as refused:
            keep(by=officer, **{name: record}) if name else keep(record, by=officer)
        said[keep.__name__, field] = (type(refused.value), refused.value.field, bool(str(refused.value)))

    assert said == {each: (NotInOrder, each[1], True) for each in said}
    assert not Entry.objects.filter(kind__endswith=".changed").exists()


def test_several_reasons_are_said_under_the_names_of_their_fields():
    nothing = BrokerRule(kind="objection", days=5, holds_from="2030-01-01")

    with pytest.raises(NotInOrder) as refused:
        keep_broker_rule(rule=nothing, by=person("officer"))

    assert refused.value.field is None
    labels = [str(BrokerRule._meta.get_field(name).verbose_name) for name in ("note", "source")]
    assert all(f"{label}：" in str(refused.value) for label in labels)
