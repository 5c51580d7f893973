"""Access tokens of a person: which there are, a new one (shown once), revoking one."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.organisations.gates import has_second_factor, passed_second_factor
from marketplace.organisations.models import AccessToken
from marketplace.organisations.token_form import TokenForm
from marketplace.organisations.tokens import make_token, revoke_token


@login_required
@require_safe
def token_list(request: Any) -> HttpResponse:
    """One's own tokens, and those of yesterday."""
    now = clock.now()
    tokens = AccessToken.objects.of(request.user).select_related("token", "organisation")
    context = {
        "rows": [(access, access.works(now)) for access in tokens],
        "may_make": bool(TokenForm(user=request.user).organisations),
    }
    return render(request, "marketplace/organisations/token_list.html", context)


@never_cache
@login_required
@reauthentication_required
def token_new(request: Any) -> HttpResponse:
    """Make a token, shown in this answer only; whoever has a second factor passes it in this session first."""
    if has_second_factor(request.user) and not passed_second_factor(request):
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': reverse('token-new')})}")
    form = TokenForm(request.POST or None, user=request.user)
    if not form.is_valid():
        return render(request, "marketplace/organisations/token_new.html", {"form": form})
    try:
        access, text = make_token(by=request.user, **form.cleaned_data)
    except Refused as refusal:
        put_beside(form, refusal)
        return render(request, "marketplace/organisations/token_new.html", {"form": form})
    return render(request, "marketplace/organisations/token_made.html", {"access": access, "text": text})


@require_POST
@login_required
def token_revoke(request: Any, code: str) -> HttpResponse:
    """Let one of one's own tokens never work again."""
    own = AccessToken.objects.of(request.user).select_related("token", "organisation")
    access = get_object_or_404(own, code=code)
    try:
        revoke_token(access, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The token is revoked. It does not work any more."))
    return redirect("token-list")
