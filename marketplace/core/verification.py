"""Checking what a QR code claims: each noun with verifiable records answers for its own codes.

A noun adds a room `verification.py` with a function `verify(code, *, at)` that returns a Verdict or None.
The page shows what the verdict holds and nothing else, so it must be fit for strangers.
"""

import pkgutil
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import marketplace

UNSAFE = re.compile(r"[\s\-‐–—]")


@dataclass(frozen=True)
class Verdict:
    """The answer to a check: one word, its tone, and the facts a stranger may know."""

    code: str
    word: Any
    tone: str
    facts: list[tuple[Any, Any]] = field(default_factory=list)
    explanation: Any = ""
    warning: Any = ""
    not_shown: Any = ""  # what the page leaves out, where the common sentence would not be true


Verifier = Callable[..., Verdict | None]


def plain_code(text: str) -> str:
    """Return a code as it is kept: half width, upper case, without the hyphens and spaces of print."""
    return UNSAFE.sub("", unicodedata.normalize("NFKC", text)).upper()


def printed_code(code: str) -> str:
    """Return a code in groups of four, as it stands under a QR code."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


@cache
def verifiers() -> tuple[Verifier, ...]:
    """Return the function `verify` of every noun that has one."""
    paths = [f"marketplace.{noun.name}.verification" for noun in pkgutil.iter_modules(marketplace.__path__)]
    own = "marketplace.core.verification"
    return tuple(import_module(path).verify for path in paths if path != own and _exists(path))


def _exists(path: str) -> bool:
    package = find_spec(path.rpartition(".")[0])
    return package is not None and package.submodule_search_locations is not None and find_spec(path) is not None


def find_verdict(text: str, *, at: datetime) -> Verdict | None:
    """Return what the register says of a typed or scanned code at `at`, or None where it knows nothing of it."""
    for verify in verifiers():
        verdict = verify(text, at=at)
        if verdict is not None:
            return verdict
    return None
