"""What a module of rules answers for, so that a test can tell when a table is missing."""

import inspect
from types import ModuleType


def verbs(rules: ModuleType) -> set[str]:
    """Return the names of the rules that stand in a module."""
    return {
        name
        for name, each in inspect.getmembers(rules, inspect.isfunction)
        if each.__module__ == rules.__name__ and not name.startswith("_")
    }
