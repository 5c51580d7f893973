"""An organisation's own records of one noun with their phase: drafts, under review, public, gone."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from wagtail.models import WorkflowState

from marketplace.reviews.history import phase_of, reviews_of
from marketplace.reviews.revised import Revised


@dataclass(frozen=True)
class Row:
    """A record in a list of its own organisation: its newest title, and where it stands between draft and public."""

    record: Any
    title: str
    key: str
    words: str
    tone: str


def rows_of(records: models.QuerySet[Any], *long_texts: str) -> list[Row]:
    """Return the rows in the order given, by two queries however many; `long_texts` are left in the database."""
    found = list(records.select_related("latest_revision").defer("latest_revision__content", *long_texts))
    reviews = reviews_of(found)
    return [_row(record, reviews.get(record.pk)) for record in found]


def _row(record: Revised, review: WorkflowState | None) -> Row:
    return Row(record, record.heading_of(record.latest_revision), *phase_of(record, review))
