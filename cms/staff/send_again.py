"""What an editor typed is not lost with the session: a form of the admin sent without one comes back, to be sent again.

The page holds what was sent; nothing is kept here. Who signed in meanwhile, in another tab, has a new token: the form
with the old one comes back once more, with a fresh token, and only where this site's own page sent it.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables

ADMIN = "/admin/"
KEPT_OUT = ("csrfmiddlewaretoken", "password")  # parts of names


def is_form_of_the_admin(request: HttpRequest) -> bool:
    """Tell whether somebody pressed a button of a form there, in a page and not by a script."""
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    return request.method == "POST" and request.path_info.startswith(ADMIN) and not by_script


def is_sent_by_us(request: HttpRequest) -> bool:
    """Tell whether the browser says that the form stood on a page of this site."""
    ours = {f"{request.scheme}://{request.get_host()}", settings.SITE_URL.rstrip("/")}
    return request.headers.get("Origin", "") in ours


@sensitive_variables("typed")
def send_again(request: Any) -> HttpResponse:
    """Answer with what was typed, the way to sign in, and the button that sends it again."""
    typed = [
        (name, text)
        for name, texts in request.POST.lists()
        if not any(part in name for part in KEPT_OUT)
        for text in texts
    ]
    context = {
        "typed": typed,
        "files": [name for name, files in request.FILES.lists() if any(files)],
        "address": request.get_full_path(),
        "is_signed_in": request.user.is_authenticated,
    }
    answer = render(request, "cms/staff/send_again.html", context, status=403)
    answer["Cache-Control"] = "no-store"
    return answer
