"""My searches: the list, saving one, its alerts, and the links of mails that work without signing in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from marketplace.core.carrying_out import carry_out
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import why_not
from search.listing import Asked, ListSpec
from search.lists import LISTS
from search.queries import TITLES
from search.saved import actions, rules
from search.saved.asking import address, known_only
from search.saved.forms import ReplaceForm, RhythmForm, SaveForm
from search.saved.links import searches_of
from search.saved.models import Rhythm, SavedSearch
from search.saved.showing import filter_words, proposed_name, shown


def _own(request: Any, code: str) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.visible_to(request.user), code=code)


@login_required
def saved_list(request: Any) -> HttpResponse:
    """The person's searches with what each found since they last looked."""
    own = SavedSearch.objects.visible_to(request.user)
    gone = request.GET.get("deleted", "")
    removed = own.filter(code=gone[:12]).exclude(removed_at=None).first() if gone else None
    context = {"rows": shown(own.kept().with_news()), "removed": removed}
    return render(request, "search/saved/saved_list.html", context)


@login_required
def saved_new(request: Any) -> HttpResponse:
    """Save what the address asks: its words and filters are those of the list it came from."""
    spec, twin = _list_with_alerts(request), None
    asked = known_only(spec.kind, Asked.of(request.GET, spec))
    taken = set(SavedSearch.objects.kept().filter(person=request.user).values_list("name", flat=True))
    start = {"name": proposed_name(spec, asked, taken), "rhythm": Rhythm.DAILY}
    form = SaveForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        try:
            actions.save_search(by=request.user, kind=spec.kind, asked=asked, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
            twin = getattr(refusal, "saved", None)
        else:
            messages.success(request, _("The search is saved."))
            return redirect("saved-list")
    context = {"form": form, "twin": twin, "obstacle": why_not(rules.save_search, request.user, asked, spec)}
    context |= _replacing(request, spec, asked, twin) | _asked(spec.kind, asked)
    return render(request, "search/saved/saved_new.html", context)


def _list_with_alerts(request: Any) -> ListSpec:
    spec = LISTS.get(request.GET.get("kind", "outcome"))
    if spec is None or not spec.has_alerts:
        raise Http404(_("There is no such list."))
    return spec


def _replacing(request: Any, spec: ListSpec, asked: Asked, twin: SavedSearch | None) -> dict[str, Any]:
    """Return the form by which an earlier search of this list asks this instead, where there is one."""
    form = ReplaceForm(person=request.user, kind=spec.kind)
    if twin is not None or not (asked.text or asked.chosen) or not form.has_choices:
        return {}
    return {"replacing": form, "replace_href": f"{reverse('saved-replace')}?{request.GET.urlencode()}"}


@require_POST
@login_required
def saved_replace(request: Any) -> HttpResponse:
    """Let one of the person's searches ask what the address asks."""
    spec = _list_with_alerts(request)
    form = ReplaceForm(request.POST, person=request.user, kind=spec.kind)
    if not form.is_valid():
        raise Http404(_("There is no such saved search."))
    saved, asked = form.cleaned_data["saved"], Asked.of(request.GET, spec)
    done = _("“%(name)s” now asks this.") % {"name": saved.name}
    if carry_out(request, actions.replace_question, saved, asked=asked, done=done):
        return redirect("saved-list")
    return redirect(f"{reverse('saved-new')}?{request.GET.urlencode()}")


def _asked(kind: str, asked: Asked) -> dict[str, Any]:
    """Return what is to be saved, in the reader's words."""
    return {
        "asked": asked,
        "filters": filter_words(kind, asked.chosen),
        "list_title": TITLES[kind],
        "list_href": address(kind, asked.text, asked.chosen),
    }


@require_GET
@login_required
def saved_open(request: Any, code: str) -> HttpResponse:
    """Go to the list that answers, the newest first; nothing found so far is new any more."""
    saved = _own(request, code)
    actions.see_findings(saved, by=request.user)
    return redirect(address(saved.kind, saved.text, saved.chosen, sort="newest"))


@login_required
def saved_edit(request: Any, code: str) -> HttpResponse:
    """Another name, another rhythm; words and filters are chosen in the list."""
    saved = _own(request, code)
    start = {"name": saved.name, "rhythm": saved.rhythm}
    form = SaveForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        try:
            actions.change_search(saved, by=request.user, **form.cleaned_data)
        except (Refused, PermissionDenied) as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The saved search is changed."))
            return redirect("saved-list")
    [row] = shown([saved])
    context = {
        "form": form,
        "row": row,
        "obstacle": why_not(rules.change_search, request.user, saved),
        "list_href": address(saved.kind, saved.text, saved.chosen),
    }
    return render(request, "search/saved/saved_edit.html", context)


@require_POST
@login_required
def saved_change(request: Any, code: str) -> HttpResponse:
    """Choose how often alerts come."""
    saved, form = _own(request, code), RhythmForm(request.POST)
    if form.is_valid():
        carry_out(request, actions.change_search, saved, done=_("The alerts are changed."), **form.cleaned_data)
    else:
        messages.error(request, _("There is no such rhythm of alerts."))
    return redirect("saved-list")


@require_POST
@login_required
def saved_remove(request: Any, code: str) -> HttpResponse:
    """Delete, with a way back on the next page."""
    saved = _own(request, code)
    carry_out(request, actions.remove_search, saved)
    return redirect(f"{reverse('saved-list')}?deleted={saved.code}")


@require_POST
@login_required
def saved_restore(request: Any, code: str) -> HttpResponse:
    """Take a deletion back."""
    carry_out(request, actions.restore_search, _own(request, code), done=_("The search is back."))
    return redirect("saved-list")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def saved_unsubscribe(request: Any, token: str) -> HttpResponse:
    """End the alerts a mail's link is about; mail programs post here themselves (RFC 8058), so without a CSRF token."""
    searches = searches_of(token)
    if searches is None:
        return render(request, "search/saved/unsubscribe.html", {"is_forged": True}, status=404)
    if request.method == "POST":
        actions.unsubscribe(searches)
    return _alerts_page(request, token)


@require_POST
def saved_subscribe_again(request: Any, token: str) -> HttpResponse:
    """Begin alerts again that were ended by the same link."""
    searches = searches_of(token)
    if searches is None:
        return render(request, "search/saved/unsubscribe.html", {"is_forged": True}, status=404)
    actions.subscribe_again(searches)
    return _alerts_page(request, token)


def _alerts_page(request: Any, token: str) -> HttpResponse:
    rows = shown(searches_of(token) or ())
    ended = [row for row in rows if row.saved.rhythm == Rhythm.NONE]
    context = {
        "token": token,
        "rows": rows,
        "is_ended": len(ended) == len(rows),
        "may_begin_again": any(row.saved.rhythm_before for row in ended),
    }
    return render(request, "search/saved/unsubscribe.html", context)
