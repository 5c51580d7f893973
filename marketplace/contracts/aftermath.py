"""What follows from a decision about the register, said before it is taken."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.contracts.changes import ContractChange
from marketplace.contracts.choices import ContractType
from marketplace.contracts.lists.models import RegistrationList
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import received_of
from marketplace.core.money import format_unrounded
from marketplace.deals.models import Deal


def after_registering(contract: TechnologyContract) -> list[str]:
    """Return in sentences what entering a contract in the register leads to, and what can be put right later."""
    said = [
        _("The contract is in the register from today. %(amounts)s count in the figures.")
        % {"amounts": _amounts(contract.total_amount, contract.technical_amount)},
        _("The parties on this platform are told the number, and whoever checks the contract's code reads it."),
    ]
    if contract.deal is not None:
        said.append(_("The deal it comes from goes on with its performance."))
    if contract.outcome is not None and contract.contract_type == ContractType.ASSIGNMENT:
        said.append(_("The outcome counts as converted: it is no longer offered."))
    said.append(_("A wrong number can be corrected, with reasons; the registration ends only cancelled or revoked."))
    return said


def after_refusing(contract: TechnologyContract) -> list[str]:
    """Return in sentences what the decision not to register leads to."""
    said = [_("The contract counts in no figure, and cannot be sent in again. The seller reads your reasons.")]
    if contract.deal is not None and contract.deal.state not in Deal.ENDED:
        said.append(_("The deal it comes from stays with its contract: another one can be drawn up."))
    said.append(_("A party may object. Then somebody who did not decide before examines it."))
    return said


def after_granting(contract: TechnologyContract) -> list[str]:
    """Return in sentences what granting the change that is asked for leads to."""
    change = contract.changes.filter(state=ContractChange.State.REQUESTED).first()
    if change is None:
        return []
    amounts = _amounts(change.total_after, change.technical_after)
    return [
        _("The register says what was asked for: %(amounts)s. The difference counts today.") % {"amounts": amounts},
        _("Both parties are told. What stood there before stays in the history of the contract."),
    ]


def after_revoking(contract: TechnologyContract) -> list[str]:
    """Return in sentences what striking a contract from the register leads to."""
    said = [_off_the_register(), _checked(), _("Both parties are told, and read your reasons.")]
    if contract.outcome is not None and contract.contract_type == ContractType.ASSIGNMENT:
        said.append(_("Its outcome is available again, unless another registered contract assigned it."))
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
