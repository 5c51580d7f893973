"""Pages and buttons of one row of an import: correct, skip, restore, keep, use a suggestion."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.core.carrying_out import carry_out
from marketplace.core.refusals import Refused
from marketplace.outcomes.imports import correcting
from marketplace.outcomes.imports.cells import Lookups
from marketplace.outcomes.imports.finding import find_batch, is_closed, own_batch
from marketplace.outcomes.imports.forms import RowForm
from marketplace.outcomes.imports.judging import lacks_of, problems_of
from marketplace.outcomes.imports.models import ImportRow, OutcomeImport
from marketplace.outcomes.imports.words import known_words


@login_required
def import_row(request: Any, code: str, line: int) -> HttpResponse:
    """Correct the cells of one row."""
    batch = own_batch(request, code)
    row = get_object_or_404(batch.rows, line=line)
    if request.method == "GET" and is_closed(request, batch):
        return redirect(batch)
    form = RowForm(request.POST or None, row=row, batch=batch)
    if form.is_valid():
        try:
            unread = correcting.correct_row(row, by=request.user, cells=form.cells())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if not unread and row.verdict != ImportRow.Verdict.WRONG:
                messages.success(request, _("Row %(line)s is right now.") % {"line": line})
                return redirect(batch)
            if unread:
                form.show_unread(unread, row.cells(batch.mapping))
            else:
                form = RowForm(row=row, batch=batch)
    lookups = Lookups.load()
    form.show_lacks(lacks_of(row, batch, lookups))
    form.show_problems(problems_of(row, batch, lookups))
    context = {"batch": batch, "row": row, "form": form, "known": known_words()}
    return render(request, "marketplace/outcomes/import_row.html", context)


def _back_to(request: HttpRequest, batch: OutcomeImport, line: int) -> str:
    """Return the address of the rows as they were shown, at the row that was dealt with."""
    return f"{batch.get_absolute_url()}?{request.GET.urlencode()}#row-{line}"


ROW_ACTS = {"skip": correcting.skip_row, "restore": correcting.restore_row, "keep": correcting.keep_row}


@login_required
@require_POST
def import_row_act(request: HttpRequest, code: str, line: int, act: str) -> HttpResponse:
    """Skip a row, restore it, or say that it is no duplicate."""
    batch = find_batch(request, code)
    row = get_object_or_404(batch.rows, line=line)
    carry_out(request, ROW_ACTS[act], row)
    return redirect(_back_to(request, batch, line))


@login_required
@require_POST
def import_suggestion(request: HttpRequest, code: str, line: int, key: str) -> HttpResponse:
    """Put the suggested text in place of one wrong cell."""
    batch = own_batch(request, code)
    row = get_object_or_404(batch.rows, line=line)
    problem = problems_of(row, batch, Lookups.load()).get(key)
    if problem is not None and problem.suggestion:
        carry_out(request, correcting.correct_row, row, cells={key: problem.suggestion})
    return redirect(_back_to(request, batch, line))
