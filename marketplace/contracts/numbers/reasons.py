"""Why a row is not taken over, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.numbers.judging import Judged
from marketplace.contracts.numbers.models import Verdict
from marketplace.contracts.refusals import NumberDeviates, ShortenedNumber
from marketplace.core import clock
from marketplace.core.languages import paragraph
from marketplace.core.money import format_exact
from marketplace.core.regions import district_code

TONES = {Verdict.GOOD: "go", Verdict.TAKEN: "go", Verdict.KNOWN: "done", Verdict.SECOND: "wait"}


def tone_of(verdict: str) -> str:
    """Return the tone of a verdict: what is neither good nor waiting stops."""
    return TONES.get(Verdict(verdict), "stop")


def _money(fen: int | None) -> str:
    return "—" if fen is None else format_exact(fen, get_language() or "zh-hans")


def _differs(judged: Judged) -> str:
    on, row = judged.rests_on, judged.row
    compared = [("total", row.total), ("technical", on["technical"] if row.technical is None else row.technical)]
    unlike = [(key, said) for key, said in compared if said != on[key]]
    words = _("“%(column)s”: %(sheet)s in the sheet, %(here)s here.")
    said = [
        words % {"column": row.heading(key), "sheet": _money(amount), "here": _money(on[key])} for key, amount in unlike
    ]
    return paragraph(said)


def _unknown(judged: Judged) -> str:
    if judged.rests_on.get("found"):
        return _("Several contracts bear this name. Put the code on the platform into the sheet.")
    return _("No contract sent to this register has this code or name.")


def _number(judged: Judged) -> str:
    why = judged.rests_on.get("why")
    if why == "shortened":
        return str(ShortenedNumber(number=judged.row.number))
    if why == "form":
        return _("This is not a registration number of the national system.")
    if why == "taken":
        return _("Another contract is registered under this number.")
    if "digits" in judged.rests_on:
        words = NumberDeviates.of_length % judged.rests_on
    elif "division" in judged.rests_on:
        said = {"expected": district_code(clock.today())} | judged.rests_on  # which earlier sheets do not say
        words = _("The number is of the division %(division)s, this register of %(expected)s.") % said
    else:
        words = _("The number is of the year %(year)s.") % judged.rests_on
    return paragraph([words, _("Enter it on the contract's page, where it can be confirmed.")])


def _unreadable(judged: Judged) -> str:
    on, row = judged.rests_on, judged.row
    if on.get("lacks"):
        return _("“%(column)s” is empty in this row.") % {"column": row.heading(on["lacks"])}
    words = _("“%(column)s”: “%(text)s” is not an amount of money.")
    return paragraph(words % {"column": row.heading(key), "text": text} for key, text in on.items())


def _second(judged: Judged) -> str:
    if judged.rests_on.get("role"):
        return _("Its first review is not over: a registrar decides.")
    return _("A large or disputed contract is registered in its second review, by another person than the first.")


def _state(judged: Judged) -> str:
    if "deal" in judged.rests_on:
        return _("The deal of this contract has ended.")
    if "above" in judged.rests_on:
        return _("More stands there as technical than was assessed: register it on its page, where that is confirmed.")
    label = TechnologyContract.State(judged.rests_on["state"]).label
    return _("The contract is not under review: %(state)s.") % {"state": label}


WHY: dict[Verdict, Callable[[Judged], str]] = {
    Verdict.DIFFERS: _differs,
    Verdict.UNKNOWN: _unknown,
    Verdict.NUMBER: _number,
    Verdict.UNREADABLE: _unreadable,
    Verdict.SECOND: _second,
    Verdict.STATE: _state,
    Verdict.OTHER: lambda judged: _("It stands in the register as %(number)s.") % judged.rests_on,
    Verdict.KNOWN: lambda judged: _("Nothing is to be done."),
    Verdict.OWN: lambda judged: _("Registrars do not register contracts of their own organisation, or they brokered."),
    Verdict.TWICE: lambda judged: _("The sheet names this number or this contract in several rows."),
}


def why(judged: Judged) -> str:
    """Return the reason in words; "" for a row that is taken over."""
    said: Any = WHY.get(judged.verdict)
    return said(judged) if said else ""
