"""What follows from a decision about the register, said before it is taken."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.contracts.actions import converts_outcome
from marketplace.contracts.changing import awaiting_change, open_change
from marketplace.contracts.freeing import frees_outcome, is_end_settled
from marketplace.contracts.lists.models import RegistrationList
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.lowering import overplanned
from marketplace.contracts.payments.models import received_of
from marketplace.contracts.readers import who_is_told
from marketplace.core.money import format_unrounded
from marketplace.deals.models import Deal


def after_registering(contract: TechnologyContract) -> list[str]:
    """Return in sentences what entering a contract in the register leads to, and what can be put right later."""
    said = [
        _("The contract is in the register from today. %(amounts)s count in the figures.")
        % {"amounts": _amounts(contract.total_amount, contract.technical_amount)},
        _("The parties on this platform are told the number, and whoever checks the contract's code reads it."),
    ]
    if contract.is_above_assessment:
        said.append(_("More counts as technical than a registrar assessed last: the history keeps both."))
    if contract.deal is not None:
        said.append(_("The deal it comes from goes on with its performance."))
    if converts_outcome(contract):
        said.append(_("The outcome counts as converted: it is no longer offered."))
    said.append(_("A wrong number can be corrected, with reasons; the registration ends only cancelled or revoked."))
    return said


def after_refusing(contract: TechnologyContract) -> list[str]:
    """Return in sentences what the decision not to register leads to."""
    said = [_("The contract counts in no figure, and cannot be sent in again. The seller reads your reasons.")]
    if contract.deal is None or contract.deal.state in Deal.ENDED:
        return [*said, _("A party may object: somebody who did not decide before examines it.")]
    return [
        *said,
        _("The deal it comes from goes back to its contract: another one can be drawn up."),
        _("Until there is another one, a party may object: somebody who did not decide before examines it."),
    ]


def after_granting(contract: TechnologyContract) -> list[str]:
    """Return in sentences what granting the change that is asked for leads to."""
    change = open_change(contract)
    if change is None:
        return []
    said = []
    if (change.total_after, change.technical_after) != (change.total_before, change.technical_before):
        amounts = _amounts(change.total_after, change.technical_after)
        said.append(
            _("The register says what was asked for: %(amounts)s. The difference counts today.") % {"amounts": amounts}
        )
    if (change.begins_after, change.ends_after) != (change.begins_before, change.ends_before):
        said.append(
            _("The contract holds from %(begins)s to %(ends)s.")
            % {"begins": change.begins_after, "ends": change.ends_after}
        )
    if change.total_after < change.total_before:
        said += [*_received(contract), *filter(None, [overplanned(contract, change.total_after)])]
    if contract.items.exclude(corrected_technical=None).exists():
        said.append(_("What registrars corrected in the items gives way to the items asked for; the journal keeps it."))
    return [*said, who_is_told(contract), _("What stood there before stays in the history of the contract.")]


def after_revoking(contract: TechnologyContract) -> list[str]:
    """Return in sentences what striking a contract from the register leads to."""
    said = [_off_the_register(), _checked(), who_is_told(contract)]
    if open_change(contract) is not None or awaiting_change(contract) is not None:
        said.append(_("The change that was asked for falls with it."))
    if contract.state == contract.State.OBJECTION:
        said.append(_("The objection is not decided on any more."))
    if frees_outcome(contract):
        said.append(_("Its outcome is available again."))
    listed = RegistrationList.objects.alive().filter(lines__contract=contract).count()
    if listed:
        said.append(_("It stands on %(count)s registration list(s): they become void.") % {"count": listed})
    return [*said, *_received(contract), _("This cannot be undone.")]


def after_cancelling(contract: TechnologyContract) -> list[str]:
    """Return in sentences what cancelling a registration leads to, and what it leaves as it is."""
    said = [_off_the_register(), _checked()]
    listed = contract.listings.filter(list__state__in=["awaiting", "issued"]).count()
    if listed:
        said.append(
            _("It stands on %(count)s registration list(s): they stay, and show it as cancelled.") % {"count": listed}
        )
    said.append(_("It is put on no new registration list."))
    if contract.buyer_id is None:
        said.append(_("The registrars and the seller are told; the buyer is not on this platform."))
    else:
        said.append(_("The registrars and both parties are told."))
    if contract.is_terminated:
        said.append(_("The contract between the parties has ended; what was due until then is entered and shared out."))
        if is_end_settled(contract) and frees_outcome(contract):
            said.append(_("Its outcome is available again."))
    else:
        stays = _("The contract between the parties stays: what still comes in is entered and shared out as before.")
        said.append(stays)
    return [*said, *_received(contract), _("This cannot be undone.")]


def _off_the_register() -> str:
    return _("The contract is no longer in the register, and its amounts are taken off the figures of today.")


def _checked() -> str:
    return _("Whoever checks its code reads that it is no longer registered; its notice is no longer given out.")


def _received(contract: TechnologyContract) -> list[str]:
    came_in = received_of(contract)
    if not came_in:
        return []
    said = _("%(amount)s were received under this contract: what was received stays on record.")
    return [said % {"amount": _amount(came_in)}]


def _amounts(total: int, technical: int) -> str:
    said = _("%(total)s, of it %(technical)s technical amount")
    return said % {"total": _amount(total), "technical": _amount(technical)}


def _amount(fen: int) -> str:
    return format_unrounded(fen, get_language() or "zh-hans")
