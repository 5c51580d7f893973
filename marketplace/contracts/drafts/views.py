"""The drafts of a contract: put together, compared by hash, read as PDF and DOCX."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from marketplace.contracts.drafts import actions, rules
from marketplace.contracts.views import find_contract
from marketplace.core.carrying_out import carry_out
from marketplace.core.rules import require, why_not


@login_required
@never_cache
def draft_list(request: Any, code: str) -> HttpResponse:
    """Every version with its files, their checksums and the texts it was made of; and the signed copy."""
    contract = find_contract(request, code)
    require(rules.see_drafts, request.user, contract)
    context = {
        "contract": contract,
        "drafts": contract.drafts.select_related("pdf", "docx", "assembled_by").prefetch_related("clauses"),
        "obstacle": why_not(rules.assemble_draft, request.user, contract)
        or (None if contract.is_unsent else _("The contract was sent: its text is the signed one.")),
    }
    return render(request, "marketplace/contracts/drafts.html", context)


@login_required
@require_POST
def draft_assemble(request: Any, code: str) -> HttpResponse:
    """Put the next version together."""
    contract = find_contract(request, code)
    require(rules.see_drafts, request.user, contract)
    carry_out(request, actions.assemble_draft, contract, done=_("The draft is put together. Read it before you sign."))
    return redirect(reverse("draft-list", args=[contract.code]))
