"""Which import a request is about, and whether its pages still lead anywhere."""

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from marketplace.core.rules import require
from marketplace.outcomes.imports import rules
from marketplace.outcomes.imports.meanwhile import why_closed
from marketplace.outcomes.imports.models import OutcomeImport


def find_batch(request: HttpRequest, code: str) -> OutcomeImport:
    """Return an import the reader may see; 404 otherwise."""
    return get_object_or_404(OutcomeImport.objects.visible_to(request.user), code=code)


def own_batch(request: HttpRequest, code: str) -> OutcomeImport:
    """Return an import the reader may change; 403 with the reason for those who only read it."""
    batch = find_batch(request, code)
    require(rules.change_import, request.user, batch)
    return batch


def is_closed(request: HttpRequest, batch: OutcomeImport) -> bool:
    """Tell, in a message too, that the rows of an import can no longer be changed."""
    reason = why_closed(batch)
    if reason is not None:
        messages.warning(request, str(reason))
    return reason is not None
