"""Wagtail has no doors of its own: everybody signs in through allauth, and who is no staff is refused in the admin.

A form that is sent there after the session ended comes back to its sender.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from cms.staff.send_again import is_form_of_the_admin, send_again

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

ENTERS = "wagtailadmin.access_admin"
FOR_EVERYBODY = {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}  # drawings and words, no pages
WAY_OUT = "/admin/logout/"  # for who lost the role while the admin was open


class StaffOnly:
    """Refuse whoever is signed in and may not enter the admin.

    Wagtail would send them to sign in, where signed-in people are sent back at once, for ever.
    """

    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponseBase]") -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> "HttpResponseBase":
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.path_info.startswith("/admin/") or request.path_info == WAY_OUT:
            return None
        if request.resolver_match.url_name in FOR_EVERYBODY:
            return None
        if request.user.is_authenticated and not request.user.has_perm(ENTERS):
            raise PermissionDenied
        if not request.user.is_authenticated and is_form_of_the_admin(request) and view is not sign_in:
            return send_again(request)
        return None


def sign_in(request: HttpRequest, *, leads_to: str = "/admin/") -> HttpResponse:
    """Send Wagtail's sign-in and password pages to the portal's own, which counts attempts and asks for the factor."""
    if "password_reset" in request.path:
        return redirect("account_reset_password")
    wanted = request.GET.get("next", leads_to)
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect_to_login(wanted if safe else leads_to)
