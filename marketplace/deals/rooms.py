"""Pages of the deal room: term sheets side by side, and who opened which document when."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.brokers.models import TechBroker
from marketplace.core.comparing import side_by_side
from marketplace.core.files import File, files_of
from marketplace.core.forms import put_beside
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.deals import rules
from marketplace.deals.forms import TermsForm
from marketplace.deals.models import Deal
from marketplace.deals.room import TermSheet
from marketplace.deals.talking import write_terms
from marketplace.deals.views import find_deal
from marketplace.deals.withheld import actor_for, buyer_for

ON_A_PAGE = 50


def readings(deal: Deal) -> QuerySet[Entry]:
    """Return who was given which document, newest first: documents of the deal, what shared notes attach, and drafts.

    What hangs on a note of one side stays with that side, its readings too.
    """
    shared = list(deal.notes.filter(is_shared=True))
    keys = list(files_of(deal).values_list("pk", flat=True))
    if shared:
        keys += files_of(*shared).values_list("pk", flat=True)
    if contracts := list(deal.contracts.all()):
        keys += files_of(*contracts, purposes=["draft"]).values_list("pk", flat=True)
    of_files = ContentType.objects.get_for_model(File)
    found = Entry.objects.filter(kind=Kind.FILE_READ, subject_type=of_files, subject_id__in=keys)
    return found.select_related("actor", "on_behalf_of").prefetch_related("subject__deal_paper").order_by("-pk")


@require_safe
@login_required
def deal_readings(request: Any, code: str) -> HttpResponse:
    """Who opened what, when, with the number of the journal's entry: the same for both sides and the broker."""
    deal = find_deal(request, code)
    page = Paginator(readings(deal), ON_A_PAGE).get_page(request.GET.get("page"))
    firms = _firms(page)
    rows = [(entry, *_reader(deal, entry, request.user, firms)) for entry in page]
    context = {"deal": deal, "buyer": buyer_for(deal, request.user), "page": page, "rows": rows}
    return render(request, "marketplace/deals/deal_readings.html", context)


def _firms(entries: Iterable[Entry]) -> dict[str, str]:
    """Return, by the code of a broker who read as such, with which brokerage, in words."""
    codes = {entry.data["broker"] for entry in entries if entry.data.get("role") == "broker"}
    found = TechBroker.objects.filter(code__in=codes).select_related("firm") if codes else ()
    return {broker.code: str(broker.firm or _("independent")) for broker in found}


def _reader(deal: Deal, entry: Entry, user: Any, firms: dict[str, str]) -> tuple[str, str]:
    """Return who read and for whom: a broker as broker, whichever organisation they could act for besides."""
    if entry.data.get("role") == "broker":
        firm = firms.get(entry.data["broker"], _("independent"))
        return str(entry.actor or ""), _("technology broker (%(firm)s)") % {"firm": firm}
    return actor_for(deal, entry, user)


def _chosen(sheets: list[TermSheet], asked: str, otherwise: int) -> TermSheet | None:
    found = next((sheet for sheet in sheets if str(sheet.version) == asked), None)
    return found or (sheets[otherwise] if len(sheets) > otherwise else None)


def compared(left: TermSheet | None, right: TermSheet | None) -> list[dict[str, Any]]:
    """Return the clauses of two versions beside each other, as pieces: what the other one lacks is marked in each."""
    rows = []
    for name in TermSheet.CLAUSES:
        before, after = (getattr(sheet, name) if sheet is not None else "" for sheet in (left, right))
        label = capfirst(str(TermSheet._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
        differs = left is not None and before != after
        old, new = side_by_side(before, after) if differs else side_by_side(after, after)
        rows.append({"label": label, "left": old, "right": new, "differs": differs})
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def deal_terms(request: Any, code: str) -> HttpResponse:
    """Two versions of the term sheet side by side; a post writes the next one."""
    deal = find_deal(request, code)
    sheets = list(deal.term_sheets.select_related("written_by"))
    form = TermsForm(request.POST or None, instance=None, initial=_initial(sheets))
    if request.method == "POST":
        require(rules.write_terms, request.user, deal, organisation=request.organisation)
        if form.is_valid():
            try:
                write_terms(deal, by=request.user, organisation=request.organisation, **form.cleaned_data)
            except Refused as refusal:
                put_beside(form, refusal)
            else:
                messages.success(request, _("The version is written. The other side is told."))
                return redirect("deal-terms", deal.code)
    right = _chosen(sheets, request.GET.get("right", ""), 0)
    left = _chosen(sheets, request.GET.get("left", ""), 1)
    context = {
        "deal": deal,
        "buyer": buyer_for(deal, request.user),
        "sheets": sheets,
        "left": left,
        "right": right,
        "rows": compared(left, right) if right is not None else [],
        "form": form,
        "obstacle": why_not(rules.write_terms, request.user, deal, organisation=request.organisation),
        "is_open": deal.state not in Deal.ENDED,
    }
    return render(request, "marketplace/deals/deal_terms.html", context)


def _initial(sheets: list[TermSheet]) -> dict[str, str]:
    return {name: getattr(sheets[0], name) for name in TermSheet.CLAUSES} if sheets else {}
