"""What the crowd was told against what stands in the tables: lost, duplicated, invented, untrue (§5, 2 and 8)."""

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from marketplace.auctions import verifier
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.models import BidAnswer, Lot, LotEvent
from marketplace.auctions.receipts import is_genuine
from marketplace.auctions.record import export
from tests.crowd.ledger import Request
from tests.crowd.reasons import Reasons


@dataclass
class Verdict:
    """What came of the requests of one case."""

    sent: int = 0
    accepted: int = 0
    refused: int = 0
    unanswered: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        return [*self.lost, *self.duplicated, *self.violations]

    def __iadd__(self, other: "Verdict") -> "Verdict":
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


def judge(lot: Lot, requests: Sequence[Request]) -> Verdict:
    """Compare every answer with the tables, every row with the requests, and check all invariants of the lot."""
    lot = Lot.objects.get(pk=lot.pk)
    bids = {event.seq: event for event in lot.events.order_by("seq") if event.is_bid}
    verdict = counted(requests)
    verdict.lost += _lost(lot, bids, requests)
    verdict.duplicated += _duplicated(bids, requests)
    verdict.violations += _uninvited(lot, bids, requests)
    verdict.violations += _different_answers(requests)
    verdict.violations += _bad_receipts(requests)
    verdict.violations += Reasons(lot, requests).untrue()
    verdict.violations += lot_problems(lot) + verified(lot)
    return verdict


def counted(requests: Sequence[Request]) -> Verdict:
    """Return how many bids were meant and decided, and how many sendings nobody decided."""
    accepted = sum(request.accepted is not None for request in requests)
    decided = sum(request.decision is not None for request in requests)
    silent = sum(not attempt.decides for request in requests for attempt in request.attempts)
    return Verdict(len(requests), accepted, decided - accepted, silent)


def _lost(lot: Lot, bids: dict[int, LotEvent], requests: Sequence[Request]) -> list[str]:
    """An accepted answer has its row, with the same number, amount, place and hash, and is kept under its key."""
    kept = {(answer.registration_id, answer.key): answer for answer in BidAnswer.objects.filter(lot=lot)}
    problems = []
    for request in requests:
        if request.accepted is None:
            continue
        told = request.accepted.body
        row, answer = bids.get(told["seq"]), kept.get((request.bidder.registration, request.key))
        stands = row is not None and (row.alias, row.amount, row.hash) == (
            request.bidder.alias,
            request.amount,
            told["hash"],
        )
        if not stands or answer is None or (answer.seq, answer.amount) != (told["seq"], request.amount):
            problems.append(f"{lot.number} #{told['seq']}: accepted under key {request.key} and not in the table so")
    return problems


def _duplicated(bids: dict[int, LotEvent], requests: Sequence[Request]) -> list[str]:
    """No bid of one bidder at one amount stands more often than it was meant."""
    meant = Counter((request.bidder.alias, request.amount) for request in requests)
    stands: Counter[tuple[str, int | None]] = Counter()
    problems = []
    for seq, event in bids.items():
        one = (event.alias, event.amount)
        stands[one] += 1
        if one in meant and stands[one] > meant[one]:
            problems.append(f"{event.lot.number} #{seq}: the bid of {event.amount} by {event.alias} once more")
    return problems


def _uninvited(lot: Lot, bids: dict[int, LotEvent], requests: Sequence[Request]) -> list[str]:
    """No row without a request."""
    meant = {(request.bidder.alias, request.amount) for request in requests}
    keys = {(request.bidder.registration, request.key) for request in requests}
    rows = [
        f"{lot.number} #{seq}: nobody sent this bid"
        for seq, event in bids.items()
        if (event.alias, event.amount) not in meant
    ]
    answers = BidAnswer.objects.filter(lot=lot).values_list("registration_id", "key", "seq")
    return rows + [
        f"{lot.number} #{seq}: nobody sent key {key}" for owner, key, seq in answers if (owner, key) not in keys
    ]


def _different_answers(requests: Sequence[Request]) -> list[str]:
    """Whoever repeats an accepted bid is told the same again."""
    problems = []
    for request in requests:
        told = [attempt.body for attempt in request.attempts if attempt.status == 201]
        if any(body != told[0] for body in told):
            problems.append(f"key {request.key}: repeated, it was answered otherwise")
    return problems


def _bad_receipts(requests: Sequence[Request]) -> list[str]:
    problems = []
    for request in requests:
        if request.accepted is None:
            continue
        told, receipt = request.accepted.body, request.accepted.body.get("receipt", {})
        says = [receipt.get(name) == told[name] for name in ("lot", "seq", "hash", "alias", "amount", "arrived_at")]
        if not is_genuine(receipt) or not all(says):
            problems.append(f"#{told['seq']}: the receipt under key {request.key} does not verify")
    return problems


def verified(lot: Lot) -> list[str]:
    """Give the downloadable record to the stand-alone verifier, in a process of its own, and return what it names.

    It says first, in both languages, how many problems there are.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write(export(lot))
        file.flush()
        words = [sys.executable, "-I", str(Path(verifier.__file__)), file.name]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    said = (done.stdout + done.stderr).splitlines()
    return said[2:] if done.returncode == 1 else said if done.returncode else []
