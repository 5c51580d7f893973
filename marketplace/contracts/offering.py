"""Which further steps a contract's page offers a person: those its state leads to and their rule allows."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.contracts import rules
from marketplace.contracts.changing import awaiting_change, why_not_granted
from marketplace.contracts.ending import why_no_end_to_note
from marketplace.contracts.models import TechnologyContract
from marketplace.core.rules import why_not

State = TechnologyContract.State
IN_REGISTER = (State.REGISTERED, State.CHANGED, State.RE_EXAMINED)
IN_QUESTION = (State.CHANGE_REQUESTED, State.OBJECTION)

# (rule, address, words, kind of button, states in which the step can be taken)
LATER = (
    (rules.grant_contract_change, "grant-change", _("Grant the change"), "primary", (State.CHANGE_REQUESTED,)),
    (rules.refuse_contract_change, "refuse-change", _("Refuse the change"), "", (State.CHANGE_REQUESTED,)),
    (rules.re_examine_contract, "re-examine", _("Decide on the objection"), "primary", (State.OBJECTION,)),
    (rules.note_contract_end, "note-end", _("Note the end"), "primary", (*IN_REGISTER, *IN_QUESTION)),
    (rules.request_contract_change, "request-change", _("Ask for a change"), "", IN_REGISTER),
    (
        rules.object_to_decision,
        "object",
        _("Object to the decision"),
        "",
        (State.REGISTERED, State.CHANGED, State.NOT_REGISTERED),
    ),
    (rules.cancel_contract, "cancel", _("Cancel the registration"), "danger", IN_REGISTER),
    (
        rules.revoke_contract,
        "revoke",
        _("Revoke the registration"),
        "danger",
        (*IN_REGISTER, *IN_QUESTION),
    ),
)


# what else has to be so that the step can be taken: a button that can only fail is not shown
FITTING: dict[str, Callable[[TechnologyContract], bool]] = {
    "note-end": lambda contract: why_no_end_to_note(contract) is None,
    "grant-change": lambda contract: why_not_granted(contract) is None,
    "request-change": lambda contract: awaiting_change(contract) is None,
}


def offered(contract: TechnologyContract, user: Any) -> list[dict[str, Any]]:
    """Return {text, href, kind} of the steps after the decision that `user` may take now."""
    return [
        {"text": words, "href": reverse(f"contract-{address}", args=[contract.code]), "kind": kind}
        for rule, address, words, kind, states in LATER
        if contract.state in states
        and _can(contract, states)
        and (address not in FITTING or FITTING[address](contract))
        and why_not(rule, user, contract) is None
    ]


def _can(contract: TechnologyContract, states: tuple[str, ...]) -> bool:
    """Leave out what needs a registration where there is none: an objection to a refusal, upheld or not."""
    return contract.stands or State.RE_EXAMINED not in states
