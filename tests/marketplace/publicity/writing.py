"""Letters that come on paper, and what staff enter of them."""

from typing import Any

from marketplace.core import clock
from marketplace.publicity.letters import enter_objection
from marketplace.publicity.models import Objection, Publicity
from tests.marketplace.contracts.factories import scan
from tests.marketplace.deals.factories import person

NAME, HOUSE, ADDRESS = "周样例", "温州样例阀门有限公司", "zhou@example.cn"


def said(**changed: Any) -> dict[str, Any]:
    """Return what a letter says, received today."""
    facts = {"signed_by": NAME, "signed_for": HOUSE, "reply_email": ADDRESS, "ground": "price"}
    facts |= {"text": "价格低于同类成果。", "received_on": clock.today(), "letter": [scan("来信.pdf")]}
    return facts | changed


def entered(publicity: Publicity, *, by: Any = None, **changed: Any) -> Objection:
    return enter_objection(publicity, by=by or person("officer"), **said(**changed))
