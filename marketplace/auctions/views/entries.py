"""What finance staff may put right of a deposit: its payment, or its refund once that is recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from marketplace.auctions import actions, rules_of_bidders
from marketplace.auctions.correcting import why_not_corrected
from marketplace.auctions.deposit_forms import CorrectionForm, RefundCorrectionForm
from marketplace.auctions.models import Deposit
from marketplace.auctions.refunds import why_no_refund_is_corrected
from marketplace.core.refusals import Refused
from marketplace.core.rules import why_not


@dataclass(frozen=True)
class Recorded:
    """What was recorded of a deposit last, and how it is corrected or taken back."""

    is_refund: bool
    form: type[forms.Form]
    correct: Callable[..., Any]
    take_back: Callable[..., Any]
    rule: Callable[..., str | None]
    why_not: Callable[[Deposit], Refused | None]

    def obstacle(self, user: Any, deposit: Deposit) -> str:
        """Return why this person does not correct it, or why nobody does; "" where nothing is in the way."""
        return why_not(self.rule, user, deposit) or str(self.why_not(deposit) or "")

    def stands(self, deposit: Deposit) -> dict[str, Any]:
        """Return what stands there, by the fields of the form."""
        if self.is_refund:
            return {"bank_reference": deposit.release_reference, "paid_on": deposit.released_on}
        return {
            "amount": deposit.received,
            "bank_reference": deposit.bank_reference,
            "received_at": deposit.received_at,
        }

    def after_taking_back(self, deposit: Deposit) -> list[str]:
        """Return what follows from taking it back, in sentences."""
        if self.is_refund:
            return [_("The deposit is to be paid back, as before, and the bidder is told so.")]
        follows = (
            _("The deposit is not asked for, as before, and nothing is paid back.")
            if deposit.came_unasked
            else _("The deposit is to be paid again, and the bidder is told so.")
        )
        return [follows, _("The bank’s number is free for the deposit it belongs to.")]


PAYMENT = Recorded(
    is_refund=False,
    form=CorrectionForm,
    correct=actions.correct_deposit,
    take_back=actions.take_back_deposit,
    rule=rules_of_bidders.correct_deposit,
    why_not=why_not_corrected,
)
REFUND = Recorded(
    is_refund=True,
    form=RefundCorrectionForm,
    correct=actions.correct_refund,
    take_back=actions.take_back_refund,
    rule=rules_of_bidders.correct_refund,
    why_not=why_no_refund_is_corrected,
)


def entry_of(deposit: Deposit) -> Recorded:
    """Return the entry that may be corrected now: the last one made."""
    return REFUND if deposit.state == deposit.State.RELEASED else PAYMENT
