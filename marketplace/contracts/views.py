"""Pages of contracts: lists, the record, the seller's form. The registrars' decisions stand in deciding.py."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.contracts import national, rules, writing
from marketplace.contracts.agreed import what_was_agreed
from marketplace.contracts.assessments import beside, standing
from marketplace.contracts.change_shown import changes_shown
from marketplace.contracts.completeness import missing, what_is_next
from marketplace.contracts.correcting import counted_items
from marketplace.contracts.counting import struck_row
from marketplace.contracts.dated import tax_notes
from marketplace.contracts.discarding import may_be_discarded
from marketplace.contracts.forms import ContractForm, ItemFormSet, ScanForm, SubmissionForm
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.happenings import history
from marketplace.contracts.joint_forms import joint_lines
from marketplace.contracts.listing import asked_for, filters_of, whose
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.observations import observations
from marketplace.contracts.offering import offered
from marketplace.contracts.payments.rules import see_payments
from marketplace.contracts.progress import clock_of, steps, supplement_of, tone, with_clocks
from marketplace.contracts.readers import reads_unchecked
from marketplace.contracts.reviewing import proposes_refusal
from marketplace.contracts.supplement import is_as_returned, last_return
from marketplace.contracts.tabs import register_tabs
from marketplace.contracts.writing import SCANS
from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.paging import PAGE, page_of
from marketplace.core.refusals import Refused
from marketplace.core.regions import present_code
from marketplace.core.rules import require, why_not
from marketplace.core.tables import table_response
from marketplace.deals.models import Deal
from marketplace.organisations.acting import listed_house
from marketplace.organisations.models import Organisation
from marketplace.organisations.roles import Role


def find_contract(request: Any, code: str) -> TechnologyContract:
    """Return the contract of that code, if this person may see it; else 404."""
    found = TechnologyContract.objects.visible_to(request.user).select_related(
        "seller", "buyer", "field__parent", "outcome", "broker", "signed_file", "deal"
    )
    return get_object_or_404(found, code=code)


@login_required
def contract_list(request: Any) -> HttpResponse:
    """The contracts this person may see, as the address filters and orders them."""
    page = page_of(
        asked_for(request.user, request.GET, listed_house(request)).for_rows(), PAGE, request.GET.get("page")
    )
    context = {
        "page_obj": page,
        "rows": with_clocks(page, today=clock.today()),
        "whose": whose(request.user),
        "tabs": register_tabs(request, "list"),
        "writes": why_not(rules.draft_contract, request.user, request.organisation),
        **filters_of(request.GET, request.user),
    }
    return render(request, "marketplace/contracts/contract_list.html", context)


@login_required
def contract_export(request: Any) -> HttpResponse:
    """The list as it is filtered, in the order of the national system's fields."""
    return table_response(
        _("technology-contracts-%(day)s") % {"day": clock.today().isoformat()},
        national.headings(),
        national.rows(asked_for(request.user, request.GET, listed_house(request))),
        form=request.GET.get("format", "xlsx"),
        texts=national.TEXTS,
    )


def contract_page(
    request: Any,
    contract: TechnologyContract,
    scan_form: ScanForm | None = None,
    submission: SubmissionForm | None = None,
) -> HttpResponse:
    """Show a contract; `scan_form` and `submission` are forms that were not accepted."""
    user, registered_on = request.user, contract.registered_on
    writes = contract.is_unsent and why_not(rules.change_contract, user, contract) is None
    reviews = contract.is_under_review and why_not(rules.register_contract, user, contract) is None
    context = {
        "contract": contract,
        "lines": beside(contract.items.select_related("corrected_by"), standing(contract)),
        "tone": tone(contract),
        "steps": steps(contract),
        "clock": clock_of(contract, today=clock.today()),
        "until": supplement_of(contract, today=clock.today()),
        "history": history(contract, user),
        "decisions": (decisions := list(contract.decisions.select_related("decided_by"))),
        "answer": decisions[0] if decisions and contract.state in contract.HANDED_BACK else None,
        "opens_deal": Deal.objects.visible_to(user).filter(contracts=contract).exists(),
        "lacking": missing(contract, today=clock.today()) if contract.is_unsent else [],
        "writes": writes,
        "reviews": reviews,
        "waits_for_other": _waits_for_other(contract, user),
        "proposes_refusal": proposes_refusal(contract),
        "registers": not contract.needs_second_review or contract.state == contract.State.SECOND_REVIEW,
        "offers": offered(contract, user),
        **changes_shown(contract, user),
        "rows": contract.register_rows.all() if contract.number else [],
        "tax_notes": tax_notes(contract.sub_type, on=registered_on) if contract.stands and registered_on else [],
        "struck": struck_row(contract),
        "marks_unchecked": reads_unchecked(user),
        "sides": contract.party_data.select_related("industry") if contract.confidential_to(user) else None,
        "joint": contract.joint_sellers.all(),
        "reads_papers": contract.confidential_to(user),
        **what_was_agreed(contract, user),
        "corrects": contract.is_renumberable and why_not(rules.correct_contract_number, user, contract) is None,
        "reads_file": contract.signed_file is not None and contract.file_visible_to(user, contract.signed_file),
        "sees_payments": why_not(see_payments, user, contract) is None,
        "scan_form": scan_form or ScanForm(),
        "submission": submission or SubmissionForm(),
        "discards": may_be_discarded(contract) and why_not(rules.discard_contract, user, contract) is None,
        **_supplement(contract),
        "observations": observations(contract, user) if writes or reviews else [],
        "ending": SCANS.get(contract.signed_file.media_type, "").upper() if contract.signed_file else "",
        "address": request.build_absolute_uri(reverse("verify-code", args=[contract.code])),
    }
    return render(request, "marketplace/contracts/contract_detail.html", context)


def _supplement(contract: TechnologyContract) -> dict[str, Any]:
    """Return of a contract that was returned, or came again, whether anything was changed, and the seller's answer."""
    returned = last_return(contract) if contract.state == contract.State.RETURNED or contract.is_under_review else None
    if returned is None:
        return {"unchanged": False, "supplement": None}
    return {"unchanged": is_as_returned(contract), "supplement": returned if contract.is_under_review else None}


def _waits_for_other(contract: TechnologyContract, user: Any) -> str | None:
    """Return to people of the register why another one decides on a contract or on a change of it, else None."""
    if not user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER):
        return None
    if contract.state == contract.State.CHANGE_REQUESTED:
        return why_not(rules.grant_contract_change, user, contract)
    return why_not(rules.register_contract, user, contract) if contract.is_under_review else None


@login_required
def contract_detail(request: Any, code: str) -> HttpResponse:
    """One contract: amounts, facts, papers, clock, and what this person may do next."""
    return contract_page(request, find_contract(request, code))


def initial_items(contract: TechnologyContract | None) -> list[dict[str, Any]]:
    """Return the lines of the form: a new one, or the items as they count, so that saving undoes no assessment."""
    lines = [vars(item) for item in counted_items(contract)] if contract else []
    return lines or [{"is_technical": True}]


def _write(request: Any, contract: TechnologyContract | None, organisation: Organisation) -> HttpResponse:
    form = ContractForm(request.POST or None, instance=contract, seller=organisation)
    if contract is None and not form.is_bound:
        form.initial["seller_region"] = present_code(organisation.region)
    lines = ItemFormSet(request.POST or None, prefix="items", initial=initial_items(contract))
    joint = joint_lines(request.POST, contract)
    if form.is_bound and form.is_valid() & lines.is_valid() & (joint.is_valid() or not joint.is_bound):
        try:
            contract = _save(request, contract, organisation, form, lines, joint)
        except Refused as refusal:
            if refusal.field in (lines.prefix, joint.prefix):
                (lines if refusal.field == lines.prefix else joint).take(refusal)
            else:
                put_beside(form, refusal)
        else:
            messages.success(request, what_is_next(contract, today=clock.today()))
            return redirect(contract)
    lines_amounts = lines.amounts() if form.is_bound or contract else None
    context = {"form": form, "lines": lines, "contract": contract, "amounts": lines_amounts, "seller": organisation}
    context["joint"] = joint
    context["assessed"] = standing(contract) if contract else []
    context |= what_was_agreed(contract, request.user) if contract else {"agreed": None}
    return render(request, "marketplace/contracts/contract_form.html", context)


def _save(
    request: Any, contract: TechnologyContract | None, organisation: Organisation, form: Any, lines: Any, joint: Any
) -> TechnologyContract:
    facts, items = form.cleaned_data, lines.items()
    sellers = joint.sellers() if joint.is_bound else None
    if contract is None:
        return writing.draft_contract(by=request.user, organisation=organisation, items=items, joint=sellers, **facts)
    writing.change_contract(contract, by=request.user, items=items, joint=sellers, **facts)
    return contract


@login_required
def contract_create(request: Any) -> HttpResponse:
    """Begin a contract the seller enters by itself."""
    organisation = request.organisation
    require(rules.draft_contract, request.user, organisation)
    return _write(request, None, organisation)


@login_required
@require_POST
def contract_from_deal(request: Any, code: str) -> HttpResponse:
    """Begin the contract of a deal, and go on to fill it in."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user), code=code)
    try:
        contract = draft_contract_from_deal(deal, by=request.user, organisation=request.organisation)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(deal)
    messages.success(request, _("The contract is begun with what the deal knows. Complete the rest."))
    return redirect("contract-change", contract.code)


@login_required
def contract_change(request: Any, code: str) -> HttpResponse:
    """Write an unsent contract anew."""
    contract = find_contract(request, code)
    require(rules.change_contract, request.user, contract)
    if not contract.is_unsent:
        messages.error(request, _("The contract was sent; it can be changed only when it is returned."))
        return redirect(contract)
    return _write(request, contract, contract.seller)


@login_required
@require_POST
def contract_attach(request: Any, code: str) -> HttpResponse:
    """Keep the signed contract."""
    contract = find_contract(request, code)
    require(rules.attach_signed_file, request.user, contract)
    form = ScanForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            writing.attach_signed_file(contract, by=request.user, upload=form.cleaned_data["file"])
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The signed contract is kept."))
            return redirect(contract)
    return contract_page(request, contract, form)
