"""Pages of registration lists: all of them, making one, its page, paper and tables."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.contracts import national
from marketplace.contracts.lists import actions, rules
from marketplace.contracts.lists.forms import ROWS, ChooseForm, ListForm, RefusalForm
from marketplace.contracts.lists.models import ListedContract, RegistrationList
from marketplace.contracts.lists.paper import list_paper
from marketplace.contracts.models import ContractQuerySet, TechnologyContract
from marketplace.contracts.tabs import register_tabs
from marketplace.core import clock
from marketplace.core.carrying_out import carry_out
from marketplace.core.forms import put_beside
from marketplace.core.money import in_yuan
from marketplace.core.one_form import Question, ask
from marketplace.core.paging import PAGE, rows_asked
from marketplace.core.papers import paper_response
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.core.tables import table_response

TONES = {"awaiting": "wait", "issued": "go", "refused": "stop", "void": "stop"}


def _found(request: Any) -> Any:
    return RegistrationList.objects.visible_to(request.user)


@login_required
def list_list(request: Any) -> HttpResponse:
    """All lists with their sums."""
    require(rules.see_lists, request.user)
    found = _found(request).annotate(contracts=Count("lines"), total=Sum("lines__total")).order_by("-id")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(each, TONES[each.state]) for each in page],
        "tabs": register_tabs(request, "lists"),
        "makes": why_not(rules.make_registration_list, request.user),
    }
    return render(request, "marketplace/contracts/list_list.html", context)


@login_required
def list_export(request: Any) -> HttpResponse:
    """Every contract on every list, as a table."""
    require(rules.see_lists, request.user)
    lines = ListedContract.objects.filter(list__in=_found(request)).select_related("list", "contract__seller")
    headings = [_("Number of the list"), _("State"), _("Made for"), _("Made on"), _("Registration number")]
    headings += [_("Contract"), _("Seller of the technology"), pgettext("contract", "Buyer")]
    headings += [_("Total (yuan)"), _("Technical (yuan)")]
    rows = [
        [line.list.number or "", line.list.get_state_display(), line.list.purpose, line.list.made_at, line.number]
        + [line.contract.project_name, line.contract.seller.name, line.contract.buyer_name]
        + [in_yuan(line.total), in_yuan(line.technical)]
        for line in lines.order_by("-list", "position")
    ]
    name = _("registration-lists-%(day)s") % {"day": clock.today().isoformat()}
    return table_response(name, headings, rows, form=request.GET.get("format", "xlsx"))


@login_required
def list_new(request: Any) -> HttpResponse:
    """Choose registered contracts of one size, and say what for; to look for others keeps what was ticked."""
    require(rules.make_registration_list, request.user)
    asked, sent = request.POST or request.GET, request.POST
    chooser, kept = ChooseForm(asked), {"purpose": sent.get("purpose", "")}
    form = ListForm(None if "look" in sent else sent or None, user=request.user, initial=kept)
    if form.is_valid():
        try:
            made = actions.make_registration_list(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            return redirect(made)
    found, rows = chooser.contracts(request.user), rows_asked({"rows": sent.get("look") or asked.get("rows")}, ROWS)
    ticked = list(_ticked(request))
    among = set(found.filter(pk__in=[each.pk for each in ticked]).values_list("code", flat=True)) if ticked else set()
    context = {
        "form": form,
        "chooser": chooser,
        "contracts": [*ticked, *found.exclude(pk__in=[each.pk for each in ticked])[:rows]],
        "chosen": {each.code for each in ticked},
        "elsewhere": {each.code for each in ticked} - among,
        "found": found.count(),
        "rows": rows,
        "choices": ROWS,
        "size": chooser.cleaned_data.get("size", "") if chooser.is_valid() else "",
    }
    return render(request, "marketplace/contracts/list_new.html", context)


def _ticked(request: Any) -> ContractQuerySet:
    """Return what was ticked before the reader looked for others; it stays above them, whatever they look for."""
    seen = TechnologyContract.objects.visible_to(request.user).for_rows()
    return seen.filter(code__in=request.POST.getlist("contracts")).order_by("-registered_on", "-id")


def _one(request: Any, code: str) -> RegistrationList:
    return get_object_or_404(_found(request).select_related("made_by", "issued_by", "fell_with"), code=code)


@login_required
def list_detail(request: Any, code: str) -> HttpResponse:
    """One list: its contracts as they stood, its state, and what may be done."""
    made = _one(request, code)
    lines = list(made.lines.select_related("contract__seller"))
    waits = made.state == made.State.AWAITING
    context = {
        "made": made,
        "tone": TONES[made.state],
        "lines": lines,
        "total": sum(line.total for line in lines),
        "technical": sum(line.technical for line in lines),
        "waits": waits,
        "obstacle": why_not(rules.issue_registration_list, request.user, made) if waits else None,
        "address": request.build_absolute_uri(reverse("verify-code", args=[made.code])),
    }
    return render(request, "marketplace/contracts/list_detail.html", context)


@login_required
@require_POST
def list_issue(request: Any, code: str) -> HttpResponse:
    """The second reviewer's yes."""
    made = _one(request, code)
    carry_out(request, actions.issue_registration_list, made, done=_("The list is issued."))
    return redirect(made)


@login_required
def list_refuse(request: Any, code: str) -> HttpResponse:
    """The second reviewer's no, with the reasons."""
    made = _one(request, code)
    require(rules.refuse_registration_list, request.user, made)
    question = Question(
        title=_("Do not issue the list"),
        submit=_("Do not issue it"),
        done=_("The list is not issued; its maker has the reasons."),
        back=made.get_absolute_url(),
        back_words=_("Registration list"),
        about=made.purpose,
        is_harsh=True,
    )
    act = partial(actions.refuse_registration_list, made, by=request.user)
    return ask(request, RefusalForm(request.POST or None), act, question)


@login_required
@never_cache
@require_safe
def list_pdf(request: Any, code: str) -> HttpResponse:
    """The paper of an issued list; one that is void has none."""
    made = _one(request, code)
    if made.state != made.State.ISSUED:
        raise Http404
    address = request.build_absolute_uri(reverse("verify-code", args=[made.code]))
    return paper_response(list_paper(made, address=address), str(made.number))


def _as_listed(line: ListedContract) -> TechnologyContract:
    """Return the line's contract with number and amounts put back, unsaved, as they stood when the list was made."""
    contract = line.contract
    contract.number, contract.total_amount, contract.technical_amount = line.number, line.total, line.technical
    return contract


@login_required
def list_table(request: Any, code: str) -> HttpResponse:
    """The contracts of one list in the national field order, with number and amounts as the list has them."""
    made = _one(request, code)
    contracts = [_as_listed(line) for line in made.lines.select_related("contract__seller")]
    name = _("registration-list-%(number)s") % {"number": made.number or made.code}
    return table_response(name, national.headings(), national.rows(contracts), form=request.GET.get("format", "xlsx"))
