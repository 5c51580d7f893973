"""The page on which the district takes a record offline, with the reason, for every noun that is reviewed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.reviews import rules
from marketplace.reviews.actions import take_offline
from marketplace.reviews.forms import OfflineForm
from marketplace.reviews.refusals import NotOnline
from marketplace.reviews.revised import Revised
from marketplace.reviews.views import record_of


@login_required
def review_offline(request: Any, noun: str, key: str) -> HttpResponse:
    """Ask, with what follows, for the reason, and take the record offline."""
    record = record_of(noun, key)
    if why_not(rules.see_draft, request.user, record):
        raise Http404
    require(rules.take_offline, request.user, record)
    form = OfflineForm(request.POST or None)
    if form.is_valid():
        try:
            take_offline(record, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("Taken offline."))
            return redirect(record.get_absolute_url())
    obstacle = "" if record.live or form.is_bound else str(NotOnline())
    context = {"record": record, "form": form, "follows": _follows(record), "obstacle": obstacle}
    return render(request, "marketplace/reviews/offline.html", context)


def _follows(record: Revised) -> list[str]:
    """Return in sentences what follows when the district takes the page offline."""
    follows = [
        _(
            "It leaves the public list at once, and its owner is told why. Its owner may change it and send it in "
            "again; once a changed version has passed review, it is public again."
        )
    ]
    if record.pending_review is not None:
        follows.append(
            _("The change of it that is in review leaves it; its author and reviewers are told, the draft stays.")
        )
    return [*follows, *record.offline_follows()]
