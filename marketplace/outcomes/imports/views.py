"""Pages of an import: upload, check, correct, take over, take back."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from marketplace.core.carrying_out import carry_out
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import why_not
from marketplace.core.tables import XLSX
from marketplace.organisations.standing import why_for_nobody
from marketplace.outcomes.imports import actions, rules
from marketplace.outcomes.imports.cells import Lookups
from marketplace.outcomes.imports.columns import BY_KEY, COLUMNS, is_repeated
from marketplace.outcomes.imports.finding import find_batch, is_closed, own_batch
from marketplace.outcomes.imports.forms import MappingForm, SheetForm
from marketplace.outcomes.imports.judging import count_lacks, problems_of
from marketplace.outcomes.imports.models import ImportRow, OutcomeImport
from marketplace.outcomes.imports.table import table_of

PER_PAGE = 25
STEP_OF = {"uploaded": 3, "checked": 3, "taking_over": 4, "taken_over": 5, "taken_back": 5}


def _progress(batch: OutcomeImport) -> dict[str, Any]:
    done, total = batch.progress()
    return {"done": done, "of": total, "share": done / total if total else 0}


@login_required
def import_new(request: HttpRequest) -> HttpResponse:
    """Upload a sheet; below it, the imports so far."""
    organisation = request.organisation  # type: ignore[attr-defined]
    if organisation is None:
        raise PermissionDenied(why_for_nobody(request.user))
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            batch = actions.upload_sheet(organisation, by=request.user, upload=form.cleaned_data["file"])
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            return redirect(batch)
    context = {
        "form": form,
        "obstacle": why_not(rules.upload_sheet, request.user, organisation),
        "batches": OutcomeImport.objects.filter(organisation=organisation)[:20],
    }
    return render(request, "marketplace/outcomes/import_new.html", context)


@login_required
@require_GET
def import_template(request: HttpRequest) -> HttpResponse:
    """Send the XLSX template."""
    from marketplace.outcomes.imports import workbooks  # here: 180 modules, for few who need them

    response = HttpResponse(workbooks.template(), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote('成果导入模板.xlsx')}"
    return response


@login_required
def import_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show how the import stands: the counts, and the rows to look at."""
    batch = find_batch(request, code)
    return render(request, "marketplace/outcomes/import_detail.html", _detail(request, batch))


def _detail(request: HttpRequest, batch: OutcomeImport) -> dict[str, Any]:
    wanted = request.GET.get("show", "")
    rows = batch.rows.select_related("outcome")
    if wanted in ImportRow.Verdict.values:
        rows = rows.filter(verdict=wanted)
    elif batch.state == batch.State.CHECKED:
        rows = rows.filter(verdict__in=(ImportRow.Verdict.WRONG, ImportRow.Verdict.MAYBE, ImportRow.Verdict.SKIPPED))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    counts = batch.counts()
    complete, lacks = count_lacks(batch) if batch.state == batch.State.CHECKED else (0, [])
    stayed = batch.rows.exclude(outcome=None).count() if batch.state == batch.State.TAKEN_BACK else counts["taken"]
    not_read = batch.columns_not_read()
    return {
        "batch": batch,
        "counts": counts,
        "complete": complete,
        "lacks": lacks,
        "stayed": stayed,
        "gone": counts["taken"] - stayed,
        "total": sum(counts.values()),
        "to_see": counts["wrong"] + counts["maybe"] + counts["skipped"],
        "show": wanted,
        "page": page,
        **table_of(batch, [] if batch.is_running else list(page)),
        "ignored": [batch.headings[index] for index in not_read if not is_repeated(batch.headings, index)],
        "repeated": dict.fromkeys(batch.headings[index] for index in not_read if is_repeated(batch.headings, index)),
        "renamed": [
            (head, BY_KEY[key].label)
            for head, key in zip(batch.headings, batch.mapping, strict=True)
            if key and head.rstrip("*") != BY_KEY[key].heading
        ],
        "left_out": counts["skipped"] + counts["known"],
        "step": STEP_OF[batch.state],
        **_progress(batch),
        "obstacle": why_not(rules.change_import, request.user, batch),
    }


@login_required
def import_progress(request: HttpRequest, code: str) -> HttpResponse:
    """Send the progress line while a worker is busy; tell htmx to load the page anew once it is done."""
    batch = find_batch(request, code)
    response = render(request, "marketplace/outcomes/_import_progress.html", {"batch": batch, **_progress(batch)})
    if not batch.is_running:
        response["HX-Refresh"] = "true"
    return response


@login_required
def import_columns(request: HttpRequest, code: str) -> HttpResponse:
    """Say which column is read as what."""
    batch = own_batch(request, code)
    if request.method == "GET" and is_closed(request, batch):
        return redirect(batch)
    form = MappingForm(request.POST or None, batch=batch)
    if form.is_valid():
        try:
            actions.map_columns(batch, by=request.user, mapping=form.mapping())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(batch)
    return render(request, "marketplace/outcomes/import_columns.html", {"batch": batch, "form": form})


@login_required
@require_POST
def import_take_over(request: HttpRequest, code: str) -> HttpResponse:
    """Have the good rows taken over as drafts."""
    batch = find_batch(request, code)
    carry_out(request, actions.take_over_import, batch)
    return redirect(batch)


@login_required
@require_POST
def import_take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Take the whole import back while that is possible."""
    batch = find_batch(request, code)
    try:
        stayed = actions.take_back_import(batch, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The import is taken back. Drafts edited or sent since, and so kept: %(kept)s.") % {"kept": stayed},
        )
    return redirect(batch)


@login_required
@require_GET
def import_annotated(request: HttpRequest, code: str) -> HttpResponse:
    """Send the rows that need a look as XLSX, with a comment in each wrong cell."""
    from marketplace.outcomes.imports import workbooks  # here, as above

    batch = find_batch(request, code)
    lookups = Lookups.load()
    wanted = batch.rows.filter(verdict__in=(ImportRow.Verdict.WRONG, ImportRow.Verdict.MAYBE))
    others = batch.columns_not_read()
    rows = [
        workbooks.Noted(row.line, row.cells(batch.mapping), problems_of(row, batch, lookups), row.at(others))
        for row in wanted
    ]
    keys = {key for key in batch.mapping if key} | {column.key for column in COLUMNS if column.is_required}
    keys |= {key for row in wanted for key in row.edits}
    content = workbooks.annotated(rows, keys, [batch.headings[index] for index in others])
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="import-{batch.code}.xlsx"'
    return response
