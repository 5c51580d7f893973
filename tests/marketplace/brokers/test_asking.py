"""The record of a broker asks no more often when more was decided and more fields are served."""

import pytest

from marketplace.brokers.actions import reinstate_broker, suspend_broker
from marketplace.core.classifications import TechnicalField
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import broker, organisation, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["{}", "{}card/", "/verify/{code}/"])
@pytest.mark.parametrize("reader", ["visitor", "officer"])
def test_a_longer_record_asks_no_more(client, page, reader):
    one = broker(firm=organisation(kind="brokerage"))
    if reader == "officer":
        sign_in(client, person("officer"))
    address = page.format(one.get_absolute_url(), code=one.code)
    few = queries_of(client, address)

    for place in range(3):
        one.fields.add(TechnicalField.objects.create(code=f"T{place}", name=f"领域{place}"))
        suspend_broker(one, by=person("officer"), reason="投诉调查中")
        reinstate_broker(one, by=person("officer"), reason="调查结束")

    assert queries_of(client, address) <= few
