"""Payments and benefit sharing: what is late, what waits for an approval, what is to be shared out and paid."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import Instalment, Receipt, ReceiptQuerySet, ReceiptRemark
from marketplace.contracts.sharing.approvers import without_approver, written_by
from marketplace.contracts.sharing.models import KEEPERS, DistributionPlan, PlanQuerySet
from marketplace.contracts.sharing.net_income import Basis
from marketplace.contracts.sharing.payouts import Distribution, PayoutLine
from marketplace.core.money import format_yuan
from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.models import MemberRole, Organisation

State = DistributionPlan.State
ICON = "banknotes"
NAMED = 3  # payees a row names


def waiting(reader: Reader) -> list[Pile]:
    manages, mine, keeps = reader.holds(MemberRole.MANAGER), reader.holds(*KEEPERS), reader.holds(MemberRole.FINANCE)
    piles = [_to_approve(reader, manages)]
    if manages:
        piles += [_without_approver(manages)]
    if mine:
        piles += [_to_complete(reader, mine), _to_write(mine)]
    return [*piles, _late(reader, keeps), _remarked(keeps), _to_share(keeps), _to_pay(keeps)] if keeps else piles


def _contracts() -> str:
    return reverse("contract-list")


def _to_approve(reader: Reader, manages: list[int]) -> Pile:
    """A plan waits for the department it names, then for the managers it does not pay, who neither wrote nor
    approved it."""
    heads = Q(state=State.AT_DEPARTMENT, department_head=reader.user)
    institutes = Q(state=State.AT_INSTITUTE, contract__seller__in=manages)
    sent = DistributionPlan.objects.filter(heads | institutes)
    return Pile(sent, lambda: _sent(reader, sent))


def _sent(reader: Reader, sent: PlanQuerySet) -> list[Row]:
    decided = DistributionPlan.objects.filter(
        Q(shares__user=reader.user) | Q(decisions__decided_by=reader.user, department_head=reader.user)
    )
    barred = Q(state=State.AT_INSTITUTE) & (Q(pk__in=decided.values("pk")) | Q(written_by(reader.user)))
    found = sent.filter(~barred).select_related("contract").order_by("submitted_at")
    return first_of(found, _approve, url=_contracts(), icon="scale")


def _approve(plan: DistributionPlan) -> Row:
    return Row(
        title=_("Approve the distribution plan: %(plan)s") % {"plan": plan},
        about=(plan.get_state_display(), plan.department),
        url=plan.get_absolute_url(),
        act=_("Look"),
        icon="scale",
        since=plan.submitted_at,
        of=plan.contract.seller_id,
    )


def _without_approver(manages: list[int]) -> Pile:
    """A plan was sent that no manager of the institute may approve: its managers see what is missing, not a task."""
    sent = DistributionPlan.objects.filter(
        contract__seller__in=manages, state__in=(State.AT_DEPARTMENT, State.AT_INSTITUTE)
    )
    return Pile(sent, lambda: _lacking(sent))


def _lacking(sent: PlanQuerySet) -> list[Row]:
    found = without_approver(sent).select_related("contract").order_by("submitted_at")
    return first_of(found, _lacking_approver, url=_contracts(), icon="scale")


def _lacking_approver(plan: DistributionPlan) -> Row:
    return Row(
        title=_("Another manager has to join, none may approve this plan: %(plan)s") % {"plan": plan},
        about=(plan.get_state_display(), plan.department),
        url=plan.get_absolute_url(),
        act=_("See why"),
        icon="scale",
        since=plan.submitted_at,
        of=plan.contract.seller_id,
    )


def _to_complete(reader: Reader, mine: list[int]) -> Pile:
    """A plan that is not sent waits for whoever began it."""
    unsent = DistributionPlan.objects.filter(
        contract__seller__in=mine, state__in=DistributionPlan.UNSENT, drafted_by=reader.user
    )
    found = unsent.select_related("contract").order_by("drafted_at")
    return Pile(unsent, lambda: first_of(found, _complete, url=_contracts(), icon="scale"))


def _complete(plan: DistributionPlan) -> Row:
    return Row(
        title=_("Complete the distribution plan: %(plan)s") % {"plan": plan},
        about=(plan.get_state_display(),),
        url=plan.get_absolute_url(),
        act=_("Go on"),
        icon="scale",
        is_main=plan.state == State.RETURNED,
        since=plan.drafted_at,
        of=plan.contract.seller_id,
    )


def _to_write(mine: list[int]) -> Pile:
    """A contract of an institute that was paid and has no plan, neither in effect nor on its way."""
    standing = DistributionPlan.objects.filter(
        contract=OuterRef("pk"), state__in=[*DistributionPlan.OPEN, State.EFFECTIVE]
    )
    paid = Receipt.objects.standing().filter(contract=OuterRef("pk"))
    found = TechnologyContract.objects.filter(
        Exists(paid), ~Exists(standing), seller__in=mine, seller__kind=Organisation.Kind.INSTITUTE
    )
    return Pile(found, lambda: first_of(found.order_by("pk"), _write, url=_contracts(), icon="scale"))


def _write(contract: TechnologyContract) -> Row:
    return Row(
        title=_("Write the distribution plan: %(contract)s") % {"contract": contract},
        about=(contract.buyer_name,),
        url=reverse("sharing-overview", args=[contract.code]),
        act=_("Go on"),
        icon="scale",
        of=contract.seller_id,
    )


def _late(reader: Reader, keeps: list[int]) -> Pile:
    own = Instalment.objects.filter(contract__seller__in=keeps)
    overdue = own.standing().unpaid().filter(due_on__lt=reader.today)
    late = lambda: own.late(reader.today).select_related("contract")  # noqa: E731
    return Pile(overdue, lambda: first_of(late(), _ask_for, url=_contracts(), icon=ICON))


def _ask_for(instalment: Instalment) -> Row:
    contract = instalment.contract
    came_in: int = getattr(instalment, "came_in", 0)
    return Row(
        title=_("Ask for a late payment: %(contract)s") % {"contract": contract},
        about=(contract.buyer_name, _("%(amount)s yuan open") % {"amount": format_yuan(instalment.amount - came_in)}),
        url=instalment.get_absolute_url(),
        act=_("See the payments"),
        icon=ICON,
        due=instalment.due_on,
        of=contract.seller_id,
    )


def _remarked(keeps: list[int]) -> Pile:
    """Payments of which the buyer says that they are not what it paid, until somebody answers or reverses them."""
    found = ReceiptRemark.objects.filter(answered_at=None, receipt__reversed_at=None)
    found = found.filter(receipt__contract__seller__in=keeps).select_related("receipt__contract").order_by("made_at")
    return Pile(found, lambda: first_of(found, _answer, url=_contracts(), icon=ICON))


def _answer(remark: ReceiptRemark) -> Row:
    receipt = remark.receipt
    return Row(
        title=_("Answer the buyer, who says that a payment is not what it paid: %(contract)s")
        % {"contract": receipt.contract},
        about=(_("%(amount)s yuan") % {"amount": format_yuan(receipt.amount)}, receipt.received_on.isoformat()),
        url=reverse("receipt-remark-answer", args=[remark.code]),
        act=_("Answer"),
        icon=ICON,
        since=remark.made_at,
        is_main=True,
        of=receipt.contract.seller_id,
    )


def _to_share(keeps: list[int]) -> Pile:
    """Money that came in, is not shared out, and has a plan that says how."""
    received = Receipt.objects.standing().filter(contract__seller__in=keeps, distribution=None)
    return Pile(received, lambda: _planned(received))


def _planned(received: ReceiptQuerySet) -> list[Row]:
    enacted = DistributionPlan.objects.of_income().enacted().filter(contract=OuterRef("contract")).order_by()
    otherwise = DistributionPlan.objects.current().exclude(basis=Basis.INCOME).filter(contract=OuterRef("contract"))
    found = received.filter(Exists(enacted), ~Exists(otherwise.order_by()))
    return first_of(found.select_related("contract"), _share_out, url=_contracts(), icon=ICON)


def _share_out(receipt: Receipt) -> Row:
    return Row(
        title=_("Share out a payment: %(contract)s") % {"contract": receipt.contract},
        about=(_("%(amount)s yuan") % {"amount": format_yuan(receipt.amount)}, receipt.received_on.isoformat()),
        url=reverse("receipt-distribute", args=[receipt.code]),
        act=_("Share out"),
        icon=ICON,
        since=receipt.entered_at,
        of=receipt.contract.seller_id,
    )


def _to_pay(keeps: list[int]) -> Pile:
    """A distribution with lines to be paid, or to be paid back after a reversal."""
    lines = PayoutLine.objects.open().filter(distribution__plan__contract__seller__in=keeps)
    return Pile(lines, lambda: _distributed(keeps))


def _distributed(keeps: list[int]) -> list[Row]:
    open_lines = PayoutLine.objects.open().filter(distribution=OuterRef("pk")).order_by()
    number = open_lines.values("distribution").annotate(number=Count("pk")).values("number")
    waits = Distribution.objects.filter(Exists(open_lines), plan__contract__seller__in=keeps)
    waits = waits.annotate(lines_open=Subquery(number)).select_related("receipt", "profit", "plan__contract")
    reclaimed = PayoutLine.objects.filter(state=PayoutLine.State.TO_RECLAIM).select_related("share")
    waits = waits.prefetch_related(Prefetch("lines", queryset=reclaimed, to_attr="lines_to_reclaim"))
    return first_of(waits.order_by("made_at"), _pay, url=_contracts(), icon=ICON)


def _to_reclaim(distribution: Distribution) -> list[str]:
    """Return who has to pay what back of a distribution that fell: the first three, and what the others have to."""
    lines: list[PayoutLine] = distribution.lines_to_reclaim  # type: ignore[attr-defined]  # prefetched above
    said = [
        _("%(payee)s %(amount)s yuan") % {"payee": line.payee, "amount": format_yuan(line.amount)}
        for line in lines[:NAMED]
    ]
    if len(lines) > NAMED:
        more, amount = len(lines) - NAMED, sum(line.amount for line in lines[NAMED:])
        words = ngettext("%(count)s more, %(amount)s yuan", "%(count)s more, %(amount)s yuan together", more)
        said.append(words % {"count": more, "amount": format_yuan(amount)})
    return said


def _pay(distribution: Distribution) -> Row:
    count = distribution.lines_open  # type: ignore[attr-defined]  # annotated above
    if distribution.reversed_at is None:
        words = ngettext("Pay out %(count)s share: %(contract)s", "Pay out %(count)s shares: %(contract)s", count)
    else:
        words = ngettext("Take back %(count)s payout: %(contract)s", "Take back %(count)s payouts: %(contract)s", count)
    return Row(
        title=words % {"count": count, "contract": distribution.contract},
        about=(*_to_reclaim(distribution), distribution.came_in),
        url=distribution.get_absolute_url(),
        act=_("Open"),
        icon=ICON,
        since=distribution.reversed_at or distribution.made_at,
        of=distribution.contract.seller_id,
    )
