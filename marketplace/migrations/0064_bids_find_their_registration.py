"""A bid is asked in one question, and its CHECKs are planned once (bidding.sql, version 8)."""

from pathlib import Path

from django.db import migrations
from django.db.models import F, Q

from marketplace.core.constraints import PlannedCheck
from marketplace.core.migrating import AtOnce

HERE = Path(__file__).parent
BIDDING = (HERE / "bidding_v8.sql").read_text(encoding="utf-8")
BIDDING_BEFORE = (HERE / "bidding_v7.sql").read_text(encoding="utf-8")
DROPPED = "DROP FUNCTION registration_of_applicant(bigint, bigint, bigint);\n"

BEFORE_THE_RESULT = ["draft", "review", "approved", "announced", "postponed", "open", "suspended"]
PRICED, SEALED = ["bid", "priority_match", "revealed"], ["sealed", "sealed_replaced", "sealed_withdrawn"]
# what they say has not changed since 0063
CHECKS = {
    "lot": {
        "lot_amounts_positive": Q(start_price__gt=0, deposit__gte=0),
        "lot_price_at_least_start": Q(price=None) | Q(price__gte=F("start_price")),
        "lot_led_iff_priced": Q(price=None, leader=None, leader_alias="")
        | (Q(price__isnull=False, leader__isnull=False) & ~Q(leader_alias="")),
        "lot_called_at_a_price": Q(calls=0, called_at=None)
        | Q(calls__range=(1, 3), called_at__isnull=False, price__isnull=False),
        "lot_remaining_iff_suspended": Q(state="suspended", remaining_when_suspended__isnull=False)
        | (~Q(state="suspended") & Q(remaining_when_suspended=None)),
        "lot_ends_after_start": Q(ends_at__gt=F("starts_at")),
        "lot_reserve_sealed_iff_committed": Q(reserve_commitment="", reserve_sealed=None)
        | (~Q(reserve_commitment="") & Q(reserve_sealed__isnull=False)),
        "lot_reserve_opened_after_the_result": Q(reserve_opened=None) | ~Q(state__in=BEFORE_THE_RESULT),
        "lot_sealed_key_iff_announced_sealed": Q(
            format="sealed", announced_at__isnull=False, sealed_key__isnull=False
        )
        | ((~Q(format="sealed") | Q(announced_at=None)) & Q(sealed_key=None)),
        "lot_sealed_unpriced_before_the_close": ~Q(format="sealed")
        | Q(price=None)
        | ~Q(state__in=BEFORE_THE_RESULT),
        "lot_announced_before_bidding": Q(state__in=["draft", "review", "approved", "withdrawn"])
        | Q(announced_at__isnull=False),
        "lot_head_iff_events": Q(seq=0, head_hash="") | Q(seq__gt=0),
    },
    "lotevent": {
        "lot_event_seq_from_1": Q(seq__gte=1),
        "lot_event_bid_iff_amount": (
            Q(kind__in=PRICED, amount__isnull=False, amount__gt=0) & ~Q(alias="")
        )
        | (Q(kind__in=SEALED, amount=None) & ~Q(alias=""))
        | (~Q(kind__in=PRICED + SEALED) & Q(amount=None, alias="")),
    },
}


def planned(model, name, condition):
    return [
        migrations.RemoveConstraint(model_name=model, name=name),
        migrations.AddConstraint(model_name=model, constraint=PlannedCheck(name=name, condition=condition)),
    ]


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0063_checks_of_null")]

    operations = [
        migrations.RunSQL(BIDDING, DROPPED + BIDDING_BEFORE),
        AtOnce([
        *(
            operation
            for model, checks in CHECKS.items()
            for name, condition in checks.items()
            for operation in planned(model, name, condition)
        ),
        ]),
    ]
