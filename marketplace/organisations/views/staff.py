"""Pages about platform staff."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.organisations import rules
from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import appoint_staff
from marketplace.organisations.staff_forms import AppointmentForm


@login_required
def staff_list(request: Any) -> HttpResponse:
    """Platform staff by role, and the form that appoints; who only reads is shown no form."""
    if not (request.user.is_superuser or request.user.has_role(Role.OFFICER, Role.AUDITOR)):
        raise PermissionDenied(_("Only officers appoint staff."))
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
    people = User.objects.holding(*Role).prefetch_related("groups").order_by("name", "pk")
    context = {
        "rows": [(person, _roles_in_words(person)) for person in people],
        "form": form,
        "named": named and (named, _roles_in_words(named)),
        "obstacle": obstacle,
    }
    return render(request, "marketplace/organisations/staff_list.html", context)


def _appointed(named: User | None) -> dict[str, Any] | None:
    return {"person": named.username, "roles": list(named.roles)} if named else None


def _roles_in_words(person: User) -> list[Any]:
    return [Role(group.name).label for group in person.groups.all() if group.name in Role.values]
