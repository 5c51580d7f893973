"""The statement of one payee of a contract: payments, profits, shares, and what was paid out (page and PDF)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from marketplace.contracts.sharing.allotments import AllotmentLine
from marketplace.contracts.sharing.falling import taken_back
from marketplace.contracts.sharing.models import PlanShare
from marketplace.contracts.sharing.net_income import Basis
from marketplace.contracts.sharing.payouts import PayoutLine
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.core.money import format_exact, format_yuan
from marketplace.core.papers import Block, Facts, Paper, Table, Text


def _money(fen: int | None) -> str:
    return "—" if fen is None else format_exact(fen, get_language() or "zh-hans")


@dataclass(frozen=True)
class Statement:
    """What one payee of a contract got, by whichever version of the plan held; the earliest payment first."""

    share: PlanShare
    lines: list[PayoutLine]
    allotted: list[AllotmentLine] = field(default_factory=list)
    without_profit: list[ProfitReport] = field(default_factory=list)

    @property
    def counted(self) -> int:
        """Return what the payee is due of payments that stand, in fen."""
        return sum(line.amount for line in self.lines if line.counts)

    @property
    def paid(self) -> int:
        return sum(line.amount for line in self.lines if line.state == PayoutLine.State.PAID)

    @property
    def to_pay_back(self) -> int:
        return sum(line.amount for line in self.lines if line.state == PayoutLine.State.TO_RECLAIM)

    @property
    def held(self) -> list[AllotmentLine]:
        """Return the shares that were not taken back; there is one entry of shares for a contract."""
        return [line for line in self.allotted if line.allotment.stands]

    @property
    def dated(self) -> datetime:
        """Return when what the statement says was made last, by the records."""
        plan = self.share.plan
        moments = [line.distribution.reversed_at or line.distribution.made_at for line in self.lines]
        moments += [line.allotment.reversed_at or line.allotment.entered_at for line in self.allotted]
        moments += [report.entered_at for report in self.without_profit]
        return max([plan.submitted_at or plan.drafted_at, *moments])

    @property
    def number(self) -> str:
        return f"{self.share.plan.contract.code}-{self.share.code}"


def _lines() -> QuerySet[PayoutLine]:
    parts = (
        "share__plan",
        "tax_rule",
        "distribution__plan",
        "distribution__profit",
        "distribution__receipt__reversed_by",
    )
    came_in = Coalesce("distribution__receipt__received_on", TruncDate("distribution__profit__entered_at"))
    return PayoutLine.objects.select_related(*parts).order_by(came_in, "pk")


def _allotted() -> QuerySet[AllotmentLine]:
    return AllotmentLine.objects.select_related("share__plan", "allotment").order_by("pk")


def statement_of(share: PlanShare) -> Statement:
    """Return the statement of one payee."""
    same = {"share__kind": share.kind, "share__name": share.name, "share__user": share.user_id}
    of = {"share__plan__contract": share.plan.contract_id} | same
    paying = PlanShare.objects.filter(plan__contract=share.plan.contract_id, kind=share.kind, name=share.name)
    empty = ProfitReport.objects.without_profit().filter(plan__in=paying.filter(user=share.user_id).values("plan"))
    return Statement(share, list(_lines().filter(**of)), list(_allotted().filter(**of)), list(empty.order_by("year")))


def payees_of(user: Any) -> QuerySet[PlanShare]:
    """Return what pays a person, as a list shows it: one for each contract, by its latest plan, the newest first."""
    paying = PlanShare.objects.paying(user)
    same = {name: OuterRef(name) for name in ("plan__contract_id", "kind", "name")}
    later = paying.filter(**same, plan__version__gt=OuterRef("plan__version"))
    found = paying.exclude(Exists(later)).select_related("plan__contract")
    shown = ("code", "kind", "name", "user", "percent", "plan__state", "plan__contract__project_name")
    told = ("plan__contract__code", "plan__contract__number", "plan__contract__signed_on")
    return found.only(*shown, *told).order_by("-plan__contract_id", "kind", "name")


def count_payees_of(user: Any) -> int:
    """Return how many there are of them: all that name a person but what was not sent, or an earlier version named.

    Those are few, and have an index (`plan_apart`): the many are counted without their plans.
    """
    named = PlanShare.objects.filter(user=user.pk)
    same = {name: OuterRef(name) for name in ("plan__contract_id", "kind", "name")}
    earlier = Exists(PlanShare.objects.paying(user).filter(**same, plan__version__lt=OuterRef("plan__version")))
    not_sent, later = Q(plan__submitted_at=None), Q(plan__version__gt=1)
    return named.count() - named.filter(not_sent | later).filter(not_sent | Q(earlier)).count()


def statements_of(shares: Iterable[PlanShare]) -> list[Statement]:
    """Return the statement of each of some payees that one person is, with what its sums read; one question for all."""
    shown = {(share.plan.contract_id, share.user_id) for share in shares}
    contracts, users = {contract for contract, _user in shown}, {user for _contract, user in shown}
    of = {"share__plan__contract__in": contracts, "share__user__in": users}
    place = {"of_contract": F("share__plan__contract"), "of_kind": F("share__kind"), "of_name": F("share__name")}
    lines: dict[Any, list[PayoutLine]] = defaultdict(list)
    allotted: dict[Any, list[AllotmentLine]] = defaultdict(list)
    summed: Any = PayoutLine.objects.only("state", "amount").annotate(**place).filter(**of)
    held: Any = _allotted().annotate(**place).filter(**of)
    for found, kept in ((summed, lines), (held, allotted)):
        for line in found:
            kept[line.of_contract, line.of_kind, line.of_name].append(line)
    places = [(share, (share.plan.contract_id, share.kind, share.name)) for share in shares]
    return [Statement(share, lines[key], allotted[key]) for share, key in places]


def statement_paper(statement: Statement) -> Paper:
    """Return the statement as a paper; its page shows the same words."""
    share, contract = statement.share, statement.share.plan.contract
    facts = [
        (_("Payee"), f"{share.name} ({share.get_kind_display()})"),
        (_("Contract"), f"{contract.project_name} ({contract.code})"),
        (_("Seller of the technology"), contract.seller.name),
        (_("Share by the latest plan"), f"{share.percent}%"),
        (_("State of the plan"), f"{share.plan.state_label} (v{share.plan.version})"),
        (_("Due so far"), _money(statement.counted)),
        (_("Paid so far"), _money(statement.paid)),
    ]
    if statement.to_pay_back:
        facts.append((_("To be paid back"), _money(statement.to_pay_back)))
    blocks: list[Block] = [Facts(facts)]
    if statement.allotted:
        blocks.append(_shares(statement))
    if statement.lines:
        blocks.append(_table(statement))
    elif not statement.allotted:
        blocks.append(Text([_nothing_yet(statement)], heading=_("By payment")))
    rules = [line.tax_rule for line in statement.lines if line.tax_rule is not None]
    notes = list(dict.fromkeys(f"{rule.says} ({rule.called})" for rule in rules))
    notes += [
        _("Corrected on %(day)s: %(reason)s") % {"day": line.paid_on, "reason": line.reason}
        for line in statement.lines
        if line.reason
    ]
    notes += [
        _("%(year)s: no profit was reported, so nothing is shared out.") % {"year": report.year}
        for report in statement.without_profit
    ]
    notes += taken_back(statement.lines, statement.allotted)
    blocks.append(Text([*notes, _("This statement is private. It is no tax return.")], heading=_("Notes")))
    return Paper(_("Statement of shared income"), contract.project_name, statement.number, statement.dated, blocks)


def _shares(statement: Statement) -> Table:
    """Return what of the company the payee holds, also what was taken back as entered wrongly."""
    rows = [
        [
            line.allotment.company,
            line.words,
            line.part,
            f"{line.allotment.registered_on:%Y-%m-%d}",
            pgettext("shares", "valid") if line.allotment.stands else _("taken back"),
        ]
        for line in statement.allotted
    ]
    headings = [_("Company"), _("Holds"), _("Part of the company"), _("Change registered on"), _("State")]
    return Table(headings, rows, heading=_("Shares allotted"), numbers=(1, 2), widths=(4, 4, 4, 3, 2))


def _nothing_yet(statement: Statement) -> str:
    """Return why there is no table yet; whoever reads this has been named in a plan, but nothing was shared out."""
    if statement.share.plan.basis == Basis.SHARES:
        return _("No shares have been entered for this payee yet. They appear here once they are.")
    return _("Nothing has come in for this payee yet. Every payment or profit that is shared out appears here.")


def _sum(statement: Statement) -> list[str]:
    """Return the row below the lines: what counts of them, as above the table."""
    are_all = all(line.counts for line in statement.lines)
    words = _("Sum") if are_all else _("Sum of the lines that stand")
    taxed = [line.tax_counted for line in statement.lines if line.counts and line.tax_counted is not None]
    return [words, "", "", format_yuan(statement.counted), format_yuan(sum(taxed)) if taxed else "—", "", ""]


def _table(statement: Statement) -> Table:
    headings = [
        _("Payment or year"),
        _shared_heading(statement),
        _("Per cent"),
        _("Amount (yuan)"),
        _("Counted for tax (yuan)"),
        _("State"),
        _("Paid on"),
    ]
    return Table(
        headings,
        [*map(_row, statement.lines), _sum(statement)],
        heading=_("By payment"),
        numbers=(1, 2, 3, 4),
        widths=(3, 4, 2, 4, 4, 4, 3),
    )


def _shared_heading(statement: Statement) -> str:
    """Return what the column of what was shared out is called: a profit is no net income."""
    kinds = {line.distribution.receipt_id is None for line in statement.lines}
    if kinds == {True}:
        return _("Operating profit (yuan)")
    return _("Net income or profit (yuan)") if True in kinds else _("Net income (yuan)")


def _row(line: PayoutLine) -> list[str]:
    distribution, share = line.distribution, line.share
    percent = f"{share.percent}%" if share is not None else ""
    return [
        distribution.came_in,
        format_yuan(distribution.net),
        f"{percent} (v{distribution.plan.version})",
        format_yuan(line.amount),
        "—" if line.tax_counted is None else format_yuan(line.tax_counted),
        line.state_words,
        line.paid_on.isoformat() if line.paid_on else "—",
    ]
