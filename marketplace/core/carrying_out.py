"""What a view that is one button does: the action, and a message about what came of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from marketplace.core.refusals import Refused


def carry_out(request: HttpRequest, act: Callable[..., Any], *subjects: Any, done: Any = "", **details: Any) -> bool:
    """Carry an action out for the signed-in person; tell them `done` or why not, and return whether it was done."""
    try:
        act(*subjects, by=request.user, **details)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    if done:
        messages.success(request, str(done))
    return True
