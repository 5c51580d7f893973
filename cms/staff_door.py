"""The admin has no door of its own: everybody signs in through allauth, with its limits and second factor."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def sign_in(request: HttpRequest) -> HttpResponse:
    """Send Wagtail's sign-in and password pages to the portal's own."""
    if "password_reset" in request.path:
        return redirect("account_reset_password")
    wanted = request.GET.get("next", "/admin/")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect_to_login(wanted if safe else "/admin/")
