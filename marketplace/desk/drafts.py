"""Drafts of outcomes and needs that nobody but their authors waits for: neither in review nor returned."""

from typing import Any

from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.roles import MemberRole
from marketplace.reviews.revised import Revised, revised_models

ICON = "pencil-square"


def drafts_of(reader: Reader) -> list[Row]:
    """Return the drafts of the reader's organisations saved last, and for each noun a row that leads to the rest."""
    mine = reader.holds(MemberRole.PUBLISHER)
    if not mine or reader.user.changes_nothing:
        return []
    return [
        row
        for model in revised_models()
        for row in first_of(_drafts(model, mine), _go_on, url=reverse(f"{model.NOUN}-mine"), icon=ICON)
    ]


def _drafts(model: type[Revised], mine: list[int]) -> Any:
    never_public, changed = Q(live=False, first_published_at=None), Q(live=True, has_unpublished_changes=True)
    manager: Any = model._base_manager
    found = manager.filter(never_public | changed, ~Exists(model.reviews_under_way()), **{f"{model.OWNER}__in": mine})
    found = found.exclude(state__in=model.OVER)
    newest = found.select_related("latest_revision", model.OWNER).defer("latest_revision__content")
    return newest.order_by("-latest_revision__created_at", "-pk")


def _go_on(record: Any) -> Row:
    newest = record.latest_revision
    return Row(
        title=(newest.object_str if newest else "") or str(record),
        about=(
            str(record._meta.verbose_name),
            str(record.owning_organisation),
            _("public, with a new draft") if record.live else "",
        ),
        url=reverse(f"{record.NOUN}-edit", args=[record.public_id]),
        act=_("Go on"),
        icon=ICON,
        since=newest.created_at if newest else None,
    )
