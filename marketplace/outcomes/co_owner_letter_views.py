"""The page on which an officer enters what a co-owner answered by letter."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.outcomes import rules
from marketplace.outcomes.co_owner_letter_form import AnswerLetterForm
from marketplace.outcomes.co_owner_letters import enter_co_owner_answer
from marketplace.outcomes.co_owner_views import asked_by_code
from marketplace.outcomes.co_ownership import CoOwnership
from marketplace.outcomes.wording import mode_words


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def co_ownership_letter(request: Any, code: str) -> HttpResponse:
    """One letter: what it answers, who signed it and when it came."""
    asked = asked_by_code(request, code)
    require(rules.enter_co_owner_answer, request.user, asked)
    form = AnswerLetterForm(request.POST or None, request.FILES or None, asked=asked)
    if form.is_valid():
        try:
            enter_co_owner_answer(asked, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _entered(asked))
            return redirect(asked)
    context = {"asked": asked, "title": asked.heading, "modes": mode_words(asked.modes), "form": form}
    return render(request, "marketplace/outcomes/co_ownership_letter.html", context)


def _entered(asked: CoOwnership) -> str:
    if asked.is_outside:
        return _("The answer is entered. The owner is told; nobody here reads for the co-owner.")
    return _("The answer is entered. Owner and co-owner are told.")
