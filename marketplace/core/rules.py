"""Asking a rule: why may this person not do this? A rule answers with a sentence, or None."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

Rule = Callable[..., Any]
READING = ("read_", "see_")  # rules named so guard looking, not changing


def why_not(rule: Rule, user: Any, *subjects: Any, **details: Any) -> str | None:
    """Return the reason why `user` may not do what `rule` guards, or None if they may.

    Asks "signed in?" and "may change anything?" once, so that no rule has to.
    """
    if user is None or not user.is_authenticated:
        return _("Sign in first.")
    if user.changes_nothing and not rule.__name__.startswith(READING):
        return _("Auditors read everything and change nothing.")
    reason = rule(user, *subjects, **details)
    return None if reason is None else str(reason)


def require(rule: Rule, user: Any, *subjects: Any, **details: Any) -> None:
    """Raise PermissionDenied with the rule's own sentence if it says no."""
    reason = why_not(rule, user, *subjects, **details)
    if reason is not None:
        raise PermissionDenied(reason)
