"""What each row of a returned sheet comes to, for the person who looks at it: matched, or why not.

Nothing is kept of it until the sheet is taken over: the register moves on, and whose own a contract is depends on the
reader. Five questions to the database, however many rows.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketplace.contracts.dated import number_form
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.numbering import (
    deviations,
    has_lost_digits,
    may_have_lost_digits,
    plain_number,
    squeezed,
    unusual_length,
)
from marketplace.contracts.numbers.columns import Read
from marketplace.contracts.numbers.models import Verdict
from marketplace.contracts.refusals import BadNumber
from marketplace.core.regions import district_code
from marketplace.core.verification import plain_code
from marketplace.deals.models import Deal
from marketplace.organisations.models import Role, User


@dataclass(frozen=True)
class Judged:
    """One row with its verdict, the contract it means, and what the verdict rests on."""

    row: Read
    verdict: Verdict
    contract: TechnologyContract | None = None
    rests_on: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Register:
    """What the rows are compared with, read once."""

    by_code: dict[str, TechnologyContract]
    by_title: dict[str, list[TechnologyContract]]
    foreign: set[int]
    taken: dict[str, int]
    form: re.Pattern[str]  # of the numbers given today

    @classmethod
    def load(cls, rows: Sequence[Read], *, user: User, today: date) -> "Register":
        seen = TechnologyContract.objects.visible_to(user).select_related("seller", "deal")
        by_code = {each.code: each for each in seen.filter(code__in={plain_code(row.code) for row in rows if row.code})}
        by_title: dict[str, list[TechnologyContract]] = {}
        for each in seen.filter(project_name__in={row.title for row in rows if row.title and not row.code}):
            by_title.setdefault(each.project_name, []).append(each)
        keys = {each.pk for each in by_code.values()} | {each.pk for many in by_title.values() for each in many}
        foreign = TechnologyContract.objects.filter(pk__in=keys).not_own(user).values_list("pk", flat=True)
        numbers = {squeezed(row.number) for row in rows}
        taken = TechnologyContract.objects.filter(number__in=numbers).values_list("number", "pk")
        return cls(by_code, by_title, set(foreign), {str(number): pk for number, pk in taken}, number_form(today))

    def find(self, row: Read) -> list[TechnologyContract]:
        """Return the contracts a row may mean: by its code, else by title and buyer, of several by its number."""
        if row.code:
            found = self.by_code.get(plain_code(row.code))
            return [found] if found else []
        named = [each for each in self.by_title.get(row.title, []) if row.buyer in ("", each.buyer_name)]
        alive = [each for each in named if each.is_under_review or each.number]
        if len(named) > 1:
            same = [each for each in alive if each.number and each.number == squeezed(row.number)]
            return same or alive or named
        return named


def judge(rows: Iterable[Read], *, user: User, today: date) -> list[Judged]:
    """Return every row with what it comes to for `user` today."""
    listed = list(rows)
    register = Register.load(listed, user=user, today=today)
    means = [register.find(row) for row in listed]
    numbers = Counter(squeezed(row.number) for row in listed if row.number)
    contracts = Counter(found[0].pk for found in means if len(found) == 1)
    merged = _made_equal(listed)
    judged = []
    for row, found in zip(listed, means, strict=True):
        if has_lost_digits(row.number) or squeezed(row.number) in merged:
            judged.append(Judged(row, Verdict.NUMBER, found[0] if len(found) == 1 else None, {"why": "shortened"}))
            continue
        is_twice = numbers[squeezed(row.number)] > 1 or (len(found) == 1 and contracts[found[0].pk] > 1)
        judged.append(_judge(row, found, register, user=user, today=today, is_twice=is_twice))
    return judged


def _made_equal(rows: Iterable[Read]) -> set[str]:
    """Return the numbers that several contracts have in a sheet and that end as Excel shortens them."""
    meant: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in rows:
        if may_have_lost_digits(row.number):
            meant[squeezed(row.number)].add((plain_code(row.code),) if row.code else (row.title, row.buyer))
    return {number for number, contracts in meant.items() if len(contracts) > 1}


def all_may_be_short(rows: Iterable[Read]) -> bool:
    """Tell whether several numbers of a sheet all end as Excel shortens them: one alone may well end so."""
    numbers = [row.number for row in rows if row.number]
    return len(numbers) > 1 and all(may_have_lost_digits(number) for number in numbers)


def _judge(
    row: Read, found: list[TechnologyContract], register: Register, *, user: User, today: date, is_twice: bool
) -> Judged:
    if row.unreadable or not row.number or row.total is None:
        lacking = {"lacks": "number" if not row.number else "total"}
        return Judged(row, Verdict.UNREADABLE, rests_on=dict(row.unreadable) or lacking)
    if len(found) != 1:
        return Judged(row, Verdict.UNKNOWN, rests_on={"found": len(found)})
    contract = found[0]
    if is_twice:
        return Judged(row, Verdict.TWICE, contract)
    if contract.pk not in register.foreign:
        return Judged(row, Verdict.OWN, contract)
    verdict, rests_on = _compared(row, contract)
    if verdict is Verdict.GOOD:
        verdict, rests_on = _enterable(row, contract, register, user=user, today=today)
    return Judged(row, verdict, contract, rests_on)


def _compared(row: Read, contract: TechnologyContract) -> tuple[Verdict, dict[str, Any]]:
    """Compare numbers and amounts with those of the contract."""
    if contract.number and contract.number != squeezed(row.number):
        return Verdict.OTHER, {"number": contract.number}
    technical = contract.technical_amount if row.technical is None else row.technical
    if (row.total, technical) != (contract.total_amount, contract.technical_amount):
        return Verdict.DIFFERS, {"total": contract.total_amount, "technical": contract.technical_amount}
    if contract.number:
        return Verdict.KNOWN, {}
    if not contract.is_under_review:
        return Verdict.STATE, {"state": contract.state}
    if contract.deal is not None and contract.deal.state in Deal.ENDED:
        return Verdict.STATE, {"deal": contract.deal.state}
    if contract.is_above_assessment:
        return Verdict.STATE, {"above": True}
    return Verdict.GOOD, {}


def _enterable(
    row: Read, contract: TechnologyContract, register: Register, *, user: User, today: date
) -> tuple[Verdict, dict[str, Any]]:
    """Ask what `register_contract` would: the form of the number, whose it is, and the second review."""
    try:
        number = plain_number(row.number, register.form)
    except BadNumber:
        return Verdict.NUMBER, {"why": "form"}
    if number in register.taken:
        return Verdict.NUMBER, {"why": "taken"}
    if unlike := deviations(number, register.form, registered_on=today):
        length = unusual_length(number, register.form, registered_on=today)
        return Verdict.NUMBER, {"why": "deviates", "expected": district_code(today), **unlike, **length}
    in_second = contract.state == contract.State.SECOND_REVIEW
    may = user.has_role(Role.SECOND_REVIEWER) and contract.first_reviewed_by_id != user.pk
    if (in_second and not may) or (contract.needs_second_review and not in_second):
        return Verdict.SECOND, {}
    if not in_second and not user.has_role(Role.REGISTRAR):
        return Verdict.SECOND, {"role": "registrar"}
    return Verdict.GOOD, {}
