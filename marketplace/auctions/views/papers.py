"""Papers everybody or the parties of a sale may open: the announcement, confirmations, minutes."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.auctions import rules
from marketplace.auctions.amending import announcement_lines
from marketplace.auctions.announcement_paper import announcement_paper
from marketplace.auctions.models import AuctionSession, Lot, SaleConfirmation
from marketplace.auctions.posted_paper import posted_paper, withdrawn_since
from marketplace.auctions.postponing import postponement_of
from marketplace.auctions.result_page import has_minutes, objection_of
from marketplace.auctions.sale_papers import confirmation_paper, minutes_paper
from marketplace.core.papers import Paper, paper_response
from marketplace.core.rules import why_not


def _announced(number: str) -> AuctionSession:
    sessions = AuctionSession.objects.kept().filter(announced_at__isnull=False)
    return get_object_or_404(sessions.select_related("organiser", "auction_company"), number=number)


@require_safe
def session_announcement(request: HttpRequest, number: str) -> HttpResponse:
    """The announcement as it was frozen, with its amendments."""
    session = _announced(number)
    context = {
        "session": session,
        "paper": announcement_paper(session, address=request.build_absolute_uri(session.announcement_url)),
        "amendments": session.amendments.order_by("position"),
        "postponement": postponement_of(session),
        "withdrawn": withdrawn_since(session),
        "may_amend": why_not(rules.amend_announcement, request.user, session) is None,
    }
    return render(request, "marketplace/auctions/announcement.html", context)


@require_safe
def announcement_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The announcement to keep or to post up, with what was called off since."""
    session = _announced(number)
    paper = posted_paper(session, address=request.build_absolute_uri(session.announcement_url))
    return paper_response(paper, f"{number}-announcement")


@require_safe
def announcement_file(request: HttpRequest, number: str) -> HttpResponse:
    """The frozen announcement and its amendments, a line each, whose SHA-256 are the fingerprints."""
    text = "".join(f"{line}\n" for line in announcement_lines(_announced(number)))
    answer = HttpResponse(text, content_type="application/jsonl; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{number}-announcement.jsonl"'
    return answer


def _confirmation(request: HttpRequest, number: str) -> SaleConfirmation:
    parts = ("lot__outcome__owner", "lot__session__organiser", "lot__session__auction_company", "seller", "buyer")
    found = SaleConfirmation.objects.visible_to(request.user).select_related(*parts)
    return get_object_or_404(found, lot__number=number)


def _confirmation_paper(request: HttpRequest, confirmation: SaleConfirmation) -> Paper:
    address = request.build_absolute_uri(reverse("verify-code", args=[confirmation.code]))
    return confirmation_paper(confirmation, address=address)


@never_cache
@login_required
@require_safe
def sale_confirmation(request: HttpRequest, number: str) -> HttpResponse:
    """The confirmation of a sale, for its parties, organisers and supervisors."""
    confirmation = _confirmation(request, number)
    context = {
        "lot": confirmation.lot,
        "confirmation": confirmation,
        "paper": _confirmation_paper(request, confirmation),
        "stands": confirmation.lot.state in Lot.SUCCEEDED,
        "has_minutes": why_not(rules.read_minutes, request.user, confirmation.lot) is None,
        **objection_of(request.user, confirmation.lot),
    }
    return render(request, "marketplace/auctions/confirmation.html", context)


@never_cache
@login_required
@require_safe
def confirmation_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The confirmation to sign."""
    confirmation = _confirmation(request, number)
    return paper_response(_confirmation_paper(request, confirmation), confirmation.number)


@never_cache
@login_required
@require_safe
def minutes_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The minutes of a lot that is over."""
    lots = Lot.objects.visible_to(request.user)
    parts = ("session__organiser", "session__auction_company", "outcome__owner", "leader__organisation")
    lot = get_object_or_404(lots.select_related(*parts), number=number)
    if not has_minutes(lot) or why_not(rules.read_minutes, request.user, lot) is not None:
        raise Http404
    address = request.build_absolute_uri(reverse("lot-record", args=[lot.number]))
    return paper_response(minutes_paper(lot, address=address), f"{lot.number}-minutes")
