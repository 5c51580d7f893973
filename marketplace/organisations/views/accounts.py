"""Pages about oneself: profile, consent, for whom one acts, closing the account."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.core.refusals import Refused
from marketplace.organisations import acting, privacy
from marketplace.organisations.accounts import change_profile, empty_user, give_consent
from marketplace.organisations.forms import ConsentForm, ProfileForm
from marketplace.organisations.models import Consent, Organisation


def next_address(request: HttpRequest, default: str = "/") -> str:
    """Return where the person wanted to go, if that is an address of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or default
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else default  # redirect() takes a bare word for a view's name


def privacy_notice(request: HttpRequest) -> HttpResponse:
    """The privacy notice now in force, with its version."""
    return render(request, "marketplace/organisations/privacy_notice.html", {"version": privacy.VERSION})


@login_required
def consent(request: HttpRequest) -> HttpResponse:
    """Asked when the privacy notice has a version the person did not consent to."""
    form = ConsentForm(request.POST or None)
    if form.is_valid():
        try:
            give_consent(by=request.user, version=form.cleaned_data["version"])
        except Refused as refusal:
            form = ConsentForm()
            messages.error(request, str(refusal))
        else:
            return redirect(next_address(request))
    is_first = not Consent.objects.filter(user=request.user.pk).exists()
    context = {"form": form, "version": privacy.VERSION, "next": next_address(request), "is_first": is_first}
    return render(request, "marketplace/organisations/consent.html", context)


@login_required
def account_profile(request: Any) -> HttpResponse:
    """One's own name, phone and language."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        change_profile(by=request.user, **form.cleaned_data)
        translation.activate(form.cleaned_data["language"])
        messages.success(request, _("Your account is saved."))
        return redirect("account-profile")
    return render(request, "marketplace/organisations/account_profile.html", {"form": form})


@require_POST
@login_required
def organisation_switch(request: Any) -> HttpResponse:
    """Choose for whom one acts from now on."""
    try:
        organisation = acting.choose(request, request.POST.get("organisation", ""))
    except Organisation.DoesNotExist:
        messages.error(request, _("You are not a member of this organisation."))
    else:
        words = _("You now act for %(organisation)s.") % {"organisation": organisation}
        messages.success(request, words if organisation else _("You now act for yourself only."))
    return redirect(next_address(request))


@login_required
@reauthentication_required
def account_close(request: Any) -> HttpResponse:
    """Close one's account for good, after signing in once more."""
    if request.method == "POST":
        try:
            empty_user(request.user, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            logout(request)
            messages.success(request, _("Your account is closed and your data are emptied."))
            return redirect("/")
    return render(request, "marketplace/organisations/account_close.html")
