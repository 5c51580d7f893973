"""The pool of outcomes that may be tried first, for programs: what their pages tell everybody."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from marketplace.organisations.reading import PAGE, Fen, Listed, Shape, answer, page_of, reads
from marketplace.trials.pool import PoolEntry

router = Router(tags=["trials"])


class Terms(Shape):
    """What is fixed in advance for a new trial."""

    version: int
    max_parallel: Annotated[int, Field(description="Trials at the same time.")]
    length_days: int
    decide_days: Annotated[int, Field(description="Days to decide after the trial.")]
    regions: Annotated[
        list[str],
        Field(
            description="Codes by GB/T 2260 of where it may be used; 100000: all of China; none: `territory` says it."
        ),
    ]
    territory: Annotated[
        str, Field(description="What words add to the regions, or, without any, all that bounds the place.")
    ]
    scale_limit: Annotated[
        int | None, Field(description="How much may be used at most, in `scale_unit`; null: `allowed_scale` says it.")
    ]
    scale_unit: str
    allowed_scale: Annotated[
        str, Field(description="What words add to the limit, or, without one, all that bounds the scale.")
    ]
    support_hours: int
    needs_insurance: bool
    mode: Annotated[str, Field(description="Way of conversion.")]
    pricing: Annotated[str, Field(description="fixed, formula or agreed.")]
    price: Fen | None
    output_rate: Annotated[str | None, Field(description="Of formula: per cent of output, as a decimal.")]
    price_cap: Fen | None
    payment_plan: str


class Entry(Shape):
    """An outcome a trial can be asked of now."""

    outcome: Annotated[str, Field(description="Number of the outcome; its page is /outcomes/<number>/.")]
    title: str
    title_en: str
    owner: str
    terms: Terms


class Pool(Listed):
    """One page of the pool, the newest first."""

    items: list[Entry]


OF_TERMS = tuple(name for name in Terms.model_fields if name != "output_rate")


def _entry(entry: PoolEntry) -> Entry:
    outcome, terms = entry.outcome, entry.versions.all()[0]
    rate = None if terms.output_rate is None else f"{terms.output_rate:f}"
    return Entry(
        outcome=outcome.number,
        title=outcome.title,
        title_en=outcome.title_en,
        owner=outcome.owner.name,
        terms=Terms(output_rate=rate, **{name: getattr(terms, name) for name in OF_TERMS}),
    )


@reads(router, "pool", Pool, operation_id="trialPool", summary="Outcomes that may be tried first", name="api-pool")
def pool(request: Any, page: int = PAGE) -> HttpResponse:
    """Outcomes that take requests for a trial now, each with the terms a new trial gets."""
    found = PoolEntry.objects.open().select_related("outcome__owner").prefetch_related("versions")
    return answer(request, lambda: page_of(Pool, found, page, _entry))
