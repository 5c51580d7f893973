"""Actions of deals, contracts and brokers read in one order: lock, clock, rule, then the rest."""

import ast
from pathlib import Path

import pytest

MARKETPLACE = Path(__file__).resolve().parents[3] / "marketplace"
NOUNS = ("deals", "contracts", "brokers", "trials")
NOTHING_TO_HOLD = {"keep_deal_rule"}  # a dated setting is a row of its own, and nobody waits for it
LOCKS = {"lock", "_hold", "hold_match", "hold_with_entry", "hold_with_outcome"}
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


@pytest.mark.parametrize("action", actions())
def test_lock_then_clock_then_rule(action):
    steps = _steps(action)

    assert steps[0] == "lock"
    assert steps.count("clock") <= 1
    assert steps == sorted(steps, key=["lock", "clock", "rule"].index)
