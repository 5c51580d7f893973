"""Every verb of auctions reads the clock once, after its lock (style.md: lock, clock, rule, state, write, record)."""

import ast
from pathlib import Path

import pytest

from marketplace import auctions

ROOM = Path(auctions.__file__).parent
LOCKS = {"lock", "hold_lot", "hold_deposit", "_hold", "select_for_update"}
CLOCKS = {"now", "lot_now", "hold_lot", "hold_deposit", "_hold"}  # to hold a lot is to be told the time


def functions(path):
    """Return the functions at the top of a module."""
    return [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]


def calls(function, names):
    """Return the lines on which a function calls one of `names`."""
    found = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return sorted(node.lineno for node in found if getattr(node.func, "attr", getattr(node.func, "id", "")) in names)


def is_action(function):
    return any("atomic" in ast.unparse(decorator) for decorator in function.decorator_list)


ACTIONS = [
    pytest.param(function, id=f"{path.stem}.{function.name}")
    for path in sorted(ROOM.glob("*.py"))
    for function in functions(path)
    if is_action(function)
]
# what an action calls is handed its time; these stand outside of actions, or are the clock
OUTSIDE = {
    *("locking.py", "practice.py", "bidding_page.py", "console_page.py", "frames.py", "hub.py", "live.py"),
    *("by_number.py", "fairness.py", "session_watch.py", "room_health.py", "application_page.py", "room_page.py"),
}
# a row that is only just made; SQL holds what it decides on
NOTHING_TO_HOLD = {"plan_session", "record_stray_payment", "decide_bid"}
OWN = {
    "hall.hammer_lot",
    "closing.close_lot",
    "conduct.ask",
    "deposits.hold_deposit",
    "registering._hold",
    "calling_off._withdraw",
    "negotiating._hold",
    "priority._hold",
    "authorising._decide",
    "postponing._hold",
    "postponing._held_lots",
    "room_keeping._hold",
    "room_keeping.require_entry",
    "sealed_bids._ask",
    "sealed_invariants._waiting_problems",
}


def test_there_are_actions_to_look_at():
    assert len(ACTIONS) > 25


@pytest.mark.parametrize("action", ACTIONS)
def test_reads_the_clock_once_and_after_the_first_lock(action):
    locks, clocks = calls(action, LOCKS), calls(action, CLOCKS)

    assert len(clocks) <= 1
    assert not clocks or action.name in NOTHING_TO_HOLD or (locks and locks[0] <= clocks[0])


@pytest.mark.parametrize(
    "path", [pytest.param(p, id=p.stem) for p in sorted(ROOM.glob("*.py")) if p.name not in OUTSIDE]
)
def test_what_an_action_calls_does_not_read_the_clock_again(path):
    helpers = [f for f in functions(path) if not is_action(f) and f"{path.stem}.{f.name}" not in OWN]

    assert [f.name for f in helpers if calls(f, CLOCKS)] == []
