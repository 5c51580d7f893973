"""Pages about platform staff."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.organisations import rules
from marketplace.organisations.gates import has_second_factor
from marketplace.organisations.models import User
from marketplace.organisations.people import UserQuerySet
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import appoint_staff
from marketplace.organisations.staff_accounts import lock_account, remove_second_factor, unlock_account
from marketplace.organisations.staff_forms import AppointmentForm, FactorForm, LockForm, UnlockForm


@login_required
def staff_list(request: Any) -> HttpResponse:
    """Platform staff by role, and the form that appoints; who only reads is shown no form."""
    _require_reader(request.user)
    if request.method == "POST":
        require(rules.appoint_staff, request.user)
    obstacle = why_not(rules.appoint_staff, request.user)
    named = User.objects.filter(username=request.GET.get("person", "")).first()
    form = None if obstacle else AppointmentForm(request.POST or None, initial=_appointed(named))
    if form is not None and form.is_valid():
        try:
            appoint_staff(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The roles of %(person)s are saved.") % {"person": form.cleaned_data["person"]})
            return redirect("staff-list")
    people = _staff().prefetch_related("groups").order_by("name", "pk")
    context = {
        "rows": [(person, _roles_in_words(person)) for person in people],
        "form": form,
        "named": named and (named, _roles_in_words(named)),
        "obstacle": obstacle,
    }
    return render(request, "marketplace/organisations/staff_list.html", context)


@login_required
def staff_detail(request: Any, person: str) -> HttpResponse:
    """One member of staff: roles, last sign-in, second factor, and what may be done with the account."""
    _require_reader(request.user)
    return _account_page(request, get_object_or_404(_staff(), username=person))


@require_POST
@login_required
def staff_act(request: Any, person: str, verb: str) -> HttpResponse:
    """Remove the second factor, lock or unlock; a form that lacks something comes back."""
    _require_reader(request.user)
    if verb not in ACTS:
        raise Http404
    act, form_class, done = ACTS[verb]
    holder = get_object_or_404(_staff(), username=person)
    require(getattr(rules, act.__name__), request.user, holder)
    form = form_class(request.POST)
    if not form.is_valid():
        return _account_page(request, holder, **{verb: form})
    try:
        act(holder, by=request.user, **{name: form.cleaned_data[name] for name in TAKEN if name in form.cleaned_data})
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done % {"person": holder})
    return redirect("staff-detail", person)


ACTS: dict[str, tuple[Callable[..., None], type[Form], Any]] = {
    "factor": (remove_second_factor, FactorForm, gettext_lazy("The second factor of %(person)s is removed.")),
    "lock": (lock_account, LockForm, gettext_lazy("The account of %(person)s is locked.")),
    "unlock": (unlock_account, UnlockForm, gettext_lazy("The account of %(person)s is unlocked.")),
}
TAKEN = ("reason",)  # of what a form asks, what its action takes


def _account_page(request: Any, holder: User, **bound: Form) -> HttpResponse:
    has_factor = has_second_factor(holder)
    due = (["factor"] if Authenticator.objects.filter(user=holder).exists() else []) + (
        ["lock"] if holder.is_active else ["unlock"]
    )
    obstacle = why_not(rules.lock_account, request.user, holder)
    context = {
        "person": holder,
        "roles": _roles_in_words(holder),
        "has_factor": has_factor,
        "obstacle": obstacle,
        "forms": {} if obstacle else {verb: bound.get(verb) or ACTS[verb][1]() for verb in due},
    }
    return render(request, "marketplace/organisations/staff_detail.html", context)


def _staff() -> UserQuerySet:
    """Return all who hold a platform role, also those whose account is locked; who left for good holds none."""
    return User.objects.filter(groups__name__in=Role.values, left_at=None).distinct()


def _require_reader(user: User) -> None:
    if not (user.is_superuser or user.has_role(Role.OFFICER, Role.AUDITOR)):
        raise PermissionDenied(_("Only officers appoint staff."))


def _appointed(named: User | None) -> dict[str, Any] | None:
    return {"person": named.username, "roles": list(named.roles)} if named else None


def _roles_in_words(person: User) -> list[Any]:
    return [Role(group.name).label for group in person.groups.all() if group.name in Role.values]
