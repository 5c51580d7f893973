"""Actions of deals, contracts and brokers read in one order: lock, clock, rule, then the rest."""

import ast
from pathlib import Path

import pytest

MARKETPLACE = Path(__file__).resolve().parents[3] / "marketplace"
NOUNS = ("deals", "contracts", "brokers", "trials")
NOTHING_TO_HOLD = {"keep_deal_rule"}  # a dated setting is a row of its own, and nobody waits for it
LOCKS = {"lock", "_hold", "hold_match", "hold_with_broker", "hold_with_entry", "hold_with_outcome"}
RULES = {"require"}


def _is_action(node: ast.stmt) -> bool:
    """An atomic function with a subject: the first argument stands before the star."""
    return (
        isinstance(node, ast.FunctionDef)
        and bool(node.args.args)
        and any(ast.unparse(each) == "transaction.atomic" for each in node.decorator_list)
    )


def actions():
    for noun in NOUNS:
        for path in sorted((MARKETPLACE / noun).glob("*.py")):
            for node in ast.parse(path.read_text("utf-8")).body:
                if _is_action(node) and node.name not in NOTHING_TO_HOLD:
                    yield pytest.param(node, id=f"{noun}.{path.stem}.{node.name}")


def _steps(action: ast.FunctionDef) -> list[str]:
    """Return what the statements do that matter here, in their order."""
    found = []
    for statement in action.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                last = name.rpartition(".")[2]
                if last in LOCKS:
                    found.append("lock")
                elif name.startswith("clock."):
                    found.append("clock")
                elif last in RULES:
                    found.append("rule")
    return found


@pytest.mark.parametrize("action", list(actions()))
def test_lock_then_clock_then_rule(action):
    steps = _steps(action)

    assert steps[0] == "lock"
    assert steps.count("clock") <= 1
    assert steps == sorted(steps, key=["lock", "clock", "rule"].index)


TIMED = ("deals", "trials", "auctions")
HOLDS = {"_hold", "hold_lot", "hold_deposit"}  # they return the time, read once the lock is there
READS = {"clock.now", "clock.today", "lot_now", "timezone.now", *HOLDS}
# a lot's own transitions without an atomic block of their own; tests and demo history at a moved clock; entering a room
READS_ITSELF = {"close_lot", "hammer_lot", "ask", "_ask", "require_entry", "_decide", "_withdraw", "_held_lots"}


def _reads(function: ast.FunctionDef) -> list[str]:
    calls = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    return [name for name in calls if name in READS]


def _rooms_of_actions():
    """Yield (path, functions) of each module that holds actions whose time is compared."""
    for noun in TIMED:
        for path in sorted((MARKETPLACE / noun).glob("*.py")):
            functions = [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
            if any(_is_atomic(each) for each in functions):
                yield path, functions


def _is_atomic(node: ast.FunctionDef) -> bool:
    return any(ast.unparse(each) == "transaction.atomic" for each in node.decorator_list)


def test_an_action_reads_the_clock_once():
    twice = {
        f"{path.parent.name}.{path.stem}.{each.name}"
        for path, functions in _rooms_of_actions()
        for each in functions
        if _is_atomic(each)
        and len([name for name in _reads(each) if name != "_hold" or path.parent.name == "auctions"]) > 1
    }

    assert twice == set()


def test_what_an_action_calls_is_handed_the_time():
    own_time = {
        f"{path.parent.name}.{path.stem}.{each.name}"
        for path, functions in _rooms_of_actions()
        for each in functions
        if not _is_atomic(each) and _reads(each) and each.name not in HOLDS | READS_ITSELF
    }

    assert own_time == set()


def test_a_number_is_handed_its_year():
    numbering = ast.parse((MARKETPLACE / "auctions" / "numbering.py").read_text("utf-8")).body

    assert [each.name for each in numbering if isinstance(each, ast.FunctionDef) and _reads(each)] == []
