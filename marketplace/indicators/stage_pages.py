"""The stream on the board, and the outcomes behind each of its stages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from marketplace.core import clock
from marketplace.core.paging import rows_asked
from marketplace.core.tables import table_response
from marketplace.indicators.stages import Stage, contracts_in_register, stages
from marketplace.outcomes.models import ResearchOutcome


def why_closed(user: Any) -> str | None:
    """Return why `user` may not open the outcomes behind a stage, or None: who deals with whom is not public."""
    if user.is_authenticated and user.reads_everything:
        return None
    return _("The outcomes behind a stage are opened by officers and auditors.")


def stream(user: Any) -> dict[str, Any]:
    """Return the stream as the board shows it: stages with counts and addresses, and what joins it to the register."""
    closed = why_closed(user)
    return {
        "stages": [
            {
                "count": stage.records.count(),
                "label": stage.label,
                "definition": stage.definition,
                "anchor": stage.anchor,
                "href": "" if closed else reverse("board-stage", args=[stage.slug]),
            }
            for stage in stages()
        ],
        "closed": closed,
        "register": _register_words(),
    }


def _register_words() -> str:
    """Say how outcomes of the last stage and contracts in the register go together."""
    found = contracts_in_register()
    words = ngettext(
        "Outcomes are counted here, each once, since the opening: the register holds %(all)s contract, %(over)s over "
        "%(outcomes)s published outcomes and %(others)s over others. “Outcomes landed in the district” counts the "
        "contracts of its period with a buyer in the district, so an outcome with two of them twice.",
        "Outcomes are counted here, each once, since the opening: the register holds %(all)s contracts, %(over)s over "
        "%(outcomes)s published outcomes and %(others)s over others. “Outcomes landed in the district” counts the "
        "contracts of its period with a buyer in the district, so an outcome with two of them twice.",
        found.contracts,
    )
    said = {"all": found.contracts, "over": found.over_published, "others": found.others, "outcomes": found.outcomes}
    return words % said


def board_stage(request: Any, slug: str) -> HttpResponse:
    """The outcomes that reached one stage of the stream."""
    stage = next((each for each in stages() if each.slug == slug), None)
    if stage is None:
        raise Http404
    if closed := why_closed(request.user):
        raise PermissionDenied(closed)
    records = stage.records.select_related("owner").order_by("published_at", "pk")
    if request.GET.get("format"):
        return _download(stage, records, form=request.GET["format"])
    page = Paginator(records, rows_asked(request.GET)).get_page(request.GET.get("page"))
    return render(request, "marketplace/indicators/board_stage.html", {"stage": stage, "page_obj": page})


def _download(stage: Stage, records: QuerySet[ResearchOutcome], *, form: str) -> HttpResponse:
    heads = [pgettext("outcome", "Number"), _("Outcome"), _("Organisation"), _("published at"), _("Availability")]
    rows = [
        [each.number, each.title, each.owner.name, timezone.localtime(each.published_at), each.get_state_display()]
        for each in records
    ]
    return table_response(f"stream-{stage.slug}-{clock.today().isoformat()}", heads, rows, form=form)
