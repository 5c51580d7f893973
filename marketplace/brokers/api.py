"""The register of brokers, for programs: the public record of each certificate, ended ones included."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.organisations.reading import PAGE, Day, Listed, Shape, answer, page_of, reads

router = Router(tags=["brokers"])
VALID = Query(False, description="Only brokers whose certificate holds today.")


class Broker(Shape):
    """A certificate as its public page tells it."""

    code: Annotated[str, Field(description="Its page is /brokers/<code>/.")]
    name: str
    level: str
    certificate_no: str
    filing_number: str
    issuer: str
    firm: str | None
    fields: Annotated[list[str], Field(description="Codes of the technical fields served.")]
    valid_from: Day
    valid_until: Day | None
    standing: Annotated[str, Field(description="valid, not_yet, expired, suspended or revoked, today.")]


class Brokers(Listed):
    """One page of the register, by name."""

    items: list[Broker]


@reads(router, "brokers", Brokers, operation_id="brokers", summary="The register of brokers", name="api-brokers")
def brokers(request: Any, page: int = PAGE, valid: bool = VALID) -> HttpResponse:
    """Certificates filed with the district and where they stand today."""
    today = clock.today()
    found = TechBroker.objects.visible_to(request.user)
    found = found.valid(today) if valid else found
    shown = found.select_related("firm").prefetch_related("fields").order_by("name", "pk")
    return answer(request, lambda: page_of(Brokers, shown, page, lambda broker: _broker(broker, today)))


def _broker(broker: TechBroker, today: Any) -> Broker:
    return Broker(
        code=broker.code,
        name=broker.name,
        level=broker.level,
        certificate_no=broker.certificate_no,
        filing_number=broker.filing_number,
        issuer=broker.issuer,
        firm=broker.firm.name if broker.firm else None,
        fields=sorted(field.code for field in broker.fields.all()),
        valid_from=broker.valid_from.isoformat(),
        valid_until=broker.valid_until.isoformat() if broker.valid_until else None,
        standing=broker.standing(today).value,
    )
