"""Pages are not moved or copied to an address of the house: told where the place is chosen, refused otherwise."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.pages.move import MoveChooseDestinationView
from wagtail.contrib.simple_translation.views import SubmitPageTranslationView
from wagtail.models import Page

from cms.portal.addresses import taken_with
from cms.portal.page_forms import MovePageForm, TranslatePageForm, refusal_of_move


class Move(MoveChooseDestinationView):
    """Wagtail's page to choose where a page is moved."""

    form_class = MovePageForm


class Translate(SubmitPageTranslationView):
    """Wagtail's page to copy a page into the tree of another language."""

    def get_form(self) -> TranslatePageForm:
        sent = [self.request.POST] if self.request.method == "POST" else []
        return TranslatePageForm(self.object, *sent)


def refuse_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Refuse what reaches Wagtail's last question without the form: an address typed by hand, one taken meanwhile."""
    address = taken_with(page, destination)
    if not address:
        return None
    messages.error(request, refusal_of_move(page, address))
    return redirect("wagtailadmin_pages:move", page.pk)


def refuse_moves(request: HttpRequest, kind: str, pages: list[Any], act: Any) -> HttpResponse | None:
    """Refuse to move pages together while one of them would stand at an address of the house; the form says which."""
    if kind != "move" or act.model is not Page:
        return None
    form, destination = act.cleaned_form, act.cleaned_form.cleaned_data["chooser"]
    taken = [(page, address) for page in pages if (address := taken_with(page, destination))]
    if not taken:
        return None
    for page, address in taken:
        form.add_error("chooser", refusal_of_move(page, address))
    act.cleaned_form = None  # nothing is chosen any more, so that all pages are shown again
    answer: HttpResponse = act.render_to_response(act.get_context_data(form=form))
    return answer


move = require_admin_access(Move.as_view())
translate = require_admin_access(Translate.as_view())
