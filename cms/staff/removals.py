"""Pages that every page leads to are not taken away by one click: their title is typed in first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.models import Page

from cms.portal.foot import stands_in_foot

TAKEN_AWAY = ("delete", "unpublish")
TYPED = "page_title"


class AsksForTheTitle:
    """Mixin of Wagtail's two pages: for a page in the foot says what breaks, and does it when its title was typed."""

    request: HttpRequest
    needs_title: bool = False
    for_foot: str

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = self.subject()
        typed = request.POST.get(TYPED, "").strip()
        if stands_in_foot(page) and typed != page.get_admin_display_title().strip():
            self.needs_title = True
            return self.render_to_response(self.get_context_data())  # type: ignore[attr-defined]
        answer: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        if stands_in_foot(self.subject()) and not context["usage_count"]:
            context["usage_url"] = ""  # not "referenced 0 times": every page leads there
        typed = self.request.POST.get(TYPED, "")
        return context | {"asked": TYPED, "typed": typed, "needs_title": self.needs_title}

    def get_template_names(self) -> list[str]:
        if stands_in_foot(self.subject()):
            return [self.for_foot]
        names: list[str] = super().get_template_names()  # type: ignore[misc]
        return names

    def subject(self) -> Page:
        raise NotImplementedError


class Unpublish(AsksForTheTitle, UnpublishView):
    """Wagtail's page to unpublish a page."""

    for_foot = "cms/staff/unpublish_foot.html"

    def subject(self) -> Page:
        return self.object


class Delete(AsksForTheTitle, DeleteView):
    """Wagtail's page to delete a page."""

    for_foot = "cms/staff/delete_foot.html"

    def subject(self) -> Page:
        return self.page


def refuse_together(request: HttpRequest, kind: str, pages: list[Any], act: Any) -> HttpResponse | None:
    """Refuse to take pages of the foot away together with others; one at a time is asked about."""
    if kind not in TAKEN_AWAY or act.model is not Page:
        return None
    standing = [page.title for page in pages if stands_in_foot(page)]
    if not standing:
        return None
    told = _("Every page leads to these: %(titles)s. Unpublish or delete each of them by itself; nothing was done.")
    messages.error(request, told % {"titles": _(", ").join(standing)})
    return redirect(act.next_url)


unpublish = require_admin_access(Unpublish.as_view())
delete = require_admin_access(Delete.as_view())
