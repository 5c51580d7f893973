"""What falls when a payment is reversed or a profit taken back: said before, and in the statements afterwards."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from marketplace.contracts.sharing.allotments import AllotmentLine
from marketplace.contracts.sharing.payouts import Distribution, PayoutLine
from marketplace.core.money import format_exact


def paid_lines(distribution: Distribution | None) -> list[PayoutLine]:
    """Return the lines that were paid out and stand."""
    if distribution is None:
        return []
    lines = distribution.lines.filter(state=PayoutLine.State.PAID)
    return list(lines.select_related("share", "distribution__plan"))


def what_falls(distribution: Distribution | None) -> list[str]:
    """Return in sentences what taking back leads to, with every payee who was paid already."""
    if distribution is None:
        return [_("Nothing of it was shared out yet."), _final()]
    money = partial(format_exact, language=get_language() or "zh-hans")
    paid = paid_lines(distribution)
    said = [
        _("%(payee)s was paid %(amount)s on %(day)s (%(reference)s) and has to pay it back.")
        % {"payee": line.payee, "amount": money(line.amount), "day": line.paid_on, "reference": line.reference}
        for line in paid
    ]
    if paid:
        sums = {"amount": money(sum(line.amount for line in paid))}
        said.append(
            _(
                "Together %(amount)s have to come back. The platform moves no money: the payouts stand on the desk of "
                "the institute's finance and managers until each is noted as paid back."
            )
            % sums
        )
    waiting = distribution.lines.filter(state=PayoutLine.State.PAYABLE).count()
    if waiting:
        said.append(
            ngettext(
                "%(count)s share not paid out yet is cancelled.",
                "%(count)s shares not paid out yet are cancelled.",
                waiting,
            )
            % {"count": waiting}
        )
    said.append(_("Whoever is paid and has an account is told, and reads your reason in the own statement."))
    return [*said, _final()]


def _final() -> str:
    return _("This cannot be undone; what came in is entered anew where it has to stand again.")


def taken_back(lines: Iterable[PayoutLine], allotted: Iterable[AllotmentLine]) -> list[str]:
    """Return what was taken back of what these lines are of, each once, with its day and reason."""
    fallen = {line.distribution_id: line.distribution for line in lines if line.distribution.reversed_at is not None}
    said = []
    for one in fallen.values():
        words = _("%(what)s taken back on %(day)s: %(reason)s")
        if one.receipt_id is not None:
            words = _("Payment of %(what)s reversed on %(day)s: %(reason)s")
        said.append(words % {"what": one.came_in, "day": _day(one.reversed_at), "reason": one.reversal_reason})
    return said + [
        _("Shares of %(what)s taken back on %(day)s: %(reason)s")
        % {"what": one.company, "day": _day(one.reversed_at), "reason": one.reversal_reason}
        for one in (line.allotment for line in allotted)
        if one.reversed_at is not None
    ]


def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"
