"""The page on which staff enter an objection that came on paper."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.publicity import letters, rules
from marketplace.publicity.letter_forms import LetterForm
from marketplace.publicity.models import Publicity


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objection_enter(request: Any, code: str) -> HttpResponse:
    """One letter: who signed it, when it came and what it says."""
    publicity = get_object_or_404(Publicity, code=code)
    require(rules.enter_objection, request.user, publicity)
    form = LetterForm(request.POST or None, request.FILES or None, publicity=publicity)
    if form.is_valid():
        try:
            letters.enter_objection(publicity, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The objection is entered. It holds the end until it is answered."))
            return redirect(publicity)
    context = {"publicity": publicity, "form": form, "too_late": letters.why_too_late(publicity)}
    return render(request, "marketplace/publicity/objection_enter.html", context)
