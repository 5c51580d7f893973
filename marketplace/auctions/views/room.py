"""The data room of a lot: its page for everybody, its documents for who may read them, its keeping and its log."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.auctions import actions, rules_of_rooms
from marketplace.auctions.by_number import public_lot
from marketplace.auctions.data_room import TERMS, takes_documents
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import Lot, RoomDocument
from marketplace.auctions.room_forms import RoomDocumentForm, RoomTermsForm, WithdrawalForm
from marketplace.auctions.room_log import counts_are_secret, lines, names_are_secret, opened, read_of
from marketplace.auctions.room_page import room_state
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.core.tables import table_response
from marketplace.core.views import sent

ON_A_PAGE = 50


@never_cache
@require_safe
def lot_room(request: Any, number: str) -> HttpResponse:
    """The room: what everybody may know of it, and its documents for who may come in now."""
    return _room(request, public_lot(request, number))


def _room(request: Any, lot: Lot, form: RoomTermsForm | None = None) -> HttpResponse:
    state = room_state(request, lot)
    documents = []
    if not state.obstacle and state.documents:
        documents = actions.enter_room(lot, by=request.user, organisation=request.organisation)
    context = {
        "lot": lot,
        "room": state,
        "documents": documents,
        "form": form or RoomTermsForm(initial={"version": TERMS}),
        "keeps": why_not(rules_of_rooms.add_room_document, request.user, lot) is None,
        "sees_log": why_not(rules_of_rooms.see_room_log, request.user, lot) is None,
    }
    return render(request, "marketplace/auctions/lot_room.html", context)


@login_required
@require_POST
def room_accept(request: Any, number: str) -> HttpResponse:
    """Accept the words of confidentiality for the organisation one acts for."""
    lot = public_lot(request, number)
    require(rules_of_rooms.accept_room_terms, request.user, lot, request.organisation)
    form = RoomTermsForm(request.POST)
    if not form.is_valid():
        return _room(request, lot, form)
    version = form.cleaned_data["version"]
    try:
        actions.accept_room_terms(lot, by=request.user, organisation=request.organisation, version=version)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Accepted for your organisation."))
    return redirect("lot-room", lot.number)


@login_required
@require_safe
def room_file(request: Any, number: str, code: str) -> HttpResponseBase:
    """One document of a room, recorded before it is sent."""
    lot = public_lot(request, number)
    document = get_object_or_404(lot.room_documents.select_related("file"), code=code)
    document.lot = lot
    try:
        actions.open_room_document(document, by=request.user, organisation=request.organisation)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("lot-room", lot.number)
    return sent(document.file)


def _kept(request: HttpRequest, number: str) -> Lot:
    lots = Lot.objects.visible_to(request.user).select_related("outcome__owner", "session")
    return get_object_or_404(lots, number=number)


@login_required
def room_manage(request: Any, number: str) -> HttpResponse:
    """Put documents into a room, and see which were withdrawn and why."""
    lot = _kept(request, number)
    require(rules_of_rooms.add_room_document, request.user, lot)
    form = RoomDocumentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            actions.add_room_document(lot, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The document is in the data room."))
            return redirect("room-manage", lot.number)
    return _keeping(request, lot, form=form)


def _keeping(request: Any, lot: Lot, *, form: forms.Form, bound: tuple[str, forms.Form] | None = None) -> HttpResponse:
    """Show the keeping of a room; `bound` is (code, form) of a withdrawal that was not accepted."""
    documents = lot.room_documents.select_related("file", "added_by")
    context = {
        "lot": lot,
        "rows": [
            {
                "document": each,
                "form": bound[1] if bound and bound[0] == each.code else WithdrawalForm(auto_id=f"id_{each.code}_%s"),
                "is_open": bool(bound and bound[0] == each.code),
            }
            for each in documents
        ],
        "takes": takes_documents(lot, lot_now()),
        "form": form,
    }
    return render(request, "marketplace/auctions/room_manage.html", context)


@login_required
@require_POST
def room_withdraw(request: Any, number: str, code: str) -> HttpResponse:
    """Withdraw one document, with the reason."""
    lot = _kept(request, number)
    document = get_object_or_404(RoomDocument.objects.select_related("lot__outcome__owner"), lot=lot, code=code)
    require(rules_of_rooms.withdraw_room_document, request.user, document)
    form = WithdrawalForm(request.POST, auto_id=f"id_{code}_%s")
    if form.is_valid():
        try:
            actions.withdraw_room_document(document, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The document is withdrawn. Its readers see why."))
            return redirect("room-manage", lot.number)
    return _keeping(request, lot, form=RoomDocumentForm(), bound=(code, form))


@login_required
@never_cache
@require_safe
def room_log(request: Any, number: str) -> HttpResponse:
    """Who read what: counts while bidders are secret, each reader after the result."""
    lot = _kept(request, number)
    require(rules_of_rooms.see_room_log, request.user, lot)
    named = not names_are_secret(lot)
    context: dict[str, Any] = {"lot": lot, "named": named, "is_veiled": counts_are_secret(lot)}
    if named:
        actions.read_room_log(lot, by=request.user)
        page = Paginator(lines(lot, request.GET.get("sort", "")), ON_A_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "rows": [read_of(entry) for entry in page]}
    elif not context["is_veiled"]:
        context["opened"] = opened(lot)
    return render(request, "marketplace/auctions/room_log.html", context)


@login_required
@never_cache
@require_safe
def room_log_table(request: Any, number: str, form: str) -> HttpResponse:
    """The log as XLSX or CSV, once it has names."""
    lot = _kept(request, number)
    require(rules_of_rooms.see_room_log, request.user, lot)
    if names_are_secret(lot):
        raise Http404
    actions.read_room_log(lot, by=request.user)
    headings = [_("Time"), _("Organisation"), pgettext("data room", "Person"), pgettext("document", "Document")]
    reads = (read_of(entry) for entry in lines(lot, request.GET.get("sort", "")))
    rows = [[read.at, read.organisation, read.person, read.title or _("list of the documents")] for read in reads]
    return table_response(f"{lot.number} {_('Log of the data room')}", headings, rows, form=form)
