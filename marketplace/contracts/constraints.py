"""What must never be true of a contract, whoever writes it, and the orders in which lists read the table."""

from django.db import models
from django.db.models import F, Q

from marketplace.contracts import choices
from marketplace.core.plain_names import PlainName

OF_A_CONTRACT = [
    models.CheckConstraint(
        name="contract_registered_iff_numbered",
        condition=Q(
            state__in=[*choices.NUMBERED, *choices.EITHER],
            number__isnull=False,
            registered_at__isnull=False,
            registered_on__isnull=False,
        )
        | (~Q(state__in=choices.NUMBERED) & Q(number=None, registered_at=None, registered_on=None)),
    ),
    models.CheckConstraint(
        name="contract_technical_within_total",
        condition=Q(technical_amount__gte=0, technical_amount__lte=F("total_amount")),
    ),
    models.CheckConstraint(
        name="contract_sent_complete",
        condition=Q(state__in=["draft", "returned_for_supplement"])
        | Q(
            total_amount__gt=0,
            signed_on__isnull=False,
            signed_file__isnull=False,
            submitted_at__isnull=False,
            complete_on__isnull=False,
        ),
    ),
    models.CheckConstraint(
        name="contract_dates_in_order",
        condition=Q(begins_on=None) | Q(ends_on=None) | Q(begins_on__lte=F("ends_on")),
    ),
    models.CheckConstraint(name="contract_parties_differ", condition=Q(buyer=None) | ~Q(buyer=F("seller"))),
    models.UniqueConstraint(
        fields=["deal"],
        condition=~Q(state="not_registered") & ~Q(state="re_examined", number=None),
        name="contract_once_per_deal",
    ),
    models.CheckConstraint(
        name="contract_second_review_after_first",
        condition=~Q(state="expert_or_second_review") | Q(first_reviewed_by__isnull=False),
    ),
    models.CheckConstraint(name="contract_sub_type_of_type", condition=Q(sub_type__startswith=F("contract_type"))),
    models.CheckConstraint(  # of NULL, nothing expected, a check says nothing
        name="contract_expects_no_less_than_0",
        condition=(Q(expected_investment=None) | Q(expected_investment__gte=0))
        & (Q(expected_output=None) | Q(expected_output__gte=0)),
    ),
    models.CheckConstraint(
        name="contract_to_be_supplemented_while_returned",
        condition=Q(supplement_by=None) | Q(state="returned_for_supplement"),
    ),
    models.CheckConstraint(
        name="contract_terminated_somehow_on_a_day",
        condition=Q(terminated_on=None, terminated_how="", end_noted_at=None)
        | (Q(terminated_on__isnull=False) & ~Q(terminated_how="")),
    ),
]

# one for each order of the list (listing.py), and the groups of the queue (queue.py)
ORDERS_OF_CONTRACTS = [
    models.Index(fields=["drafted_at", "id"], name="contract_newest"),
    models.Index(fields=["total_amount", "id"], name="contract_largest_total"),
    models.Index(fields=["technical_amount", "id"], name="contract_largest_technical"),
    models.Index(F("registered_on").desc(nulls_last=True), F("id").desc(), name="contract_last_registered"),
    models.Index(fields=["complete_on", "id"], name="contract_longest_waiting"),
    models.Index(fields=["state", "complete_on", "review_days"], name="contract_queue"),
    models.Index(fields=["broker", "state"], name="contract_of_broker"),
    models.Index(fields=["buyer_region", "id"], condition=Q(outcome__isnull=False), name="contract_landed"),
    models.Index(fields=["terminated_on"], condition=Q(terminated_on__isnull=False), name="contract_ended_early"),
    # what observations.py compares
    models.Index(fields=["buyer_uscc"], name="contract_of_buyer_code"),
    models.Index(PlainName("buyer_name"), name="contract_of_buyer_name"),
    # what the board counts and sums, read from the index alone
    models.Index(
        fields=["registered_on"],
        include=["total_amount"],
        condition=Q(number__isnull=False) & ~Q(state__in=["cancelled", "revoked"]),
        name="contract_in_register",
    ),
    models.Index(
        fields=["id"],
        include=["contract_type", "field", "outcome", "buyer_region", "deal", "signed_on"],
        name="contract_for_figures",
    ),
]
