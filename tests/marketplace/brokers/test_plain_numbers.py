"""Numbers of certificates and filings that were stored as they were typed are written as they are compared."""

from importlib import import_module

import pytest
from django.apps import apps

from marketplace.brokers.applications.models import BrokerApplication
from marketplace.brokers.models import TechBroker
from tests.marketplace.brokers.making import applied
from tests.marketplace.contracts.factories import broker


@pytest.mark.django_db
def test_numbers_of_certificates_are_written_plain_unless_another_row_has_the_plain_one(caplog):
    step = import_module("marketplace.migrations.0074_numbers_of_certificates")
    caplog.set_level("WARNING")
    old, first, second, too_long = (broker() for _ in range(4))
    application = applied()
    TechBroker.objects.filter(pk=old.pk).update(certificate_no="zj-2024-x", filing_number=" ｏｈ-1 ")
    TechBroker.objects.filter(pk=first.pk).update(certificate_no="ZJ-2024-Y")
    TechBroker.objects.filter(pk=second.pk).update(certificate_no="zj-2024-y")
    TechBroker.objects.filter(pk=too_long.pk).update(certificate_no="㍿" * 40)
    BrokerApplication.objects.update(certificate_no="ｚj-2024-x")

    step.write_plain(apps, None)

    numbers = dict(TechBroker.objects.values_list("pk", "certificate_no"))
    assert numbers == {old.pk: "ZJ-2024-X", first.pk: "ZJ-2024-Y", second.pk: "zj-2024-y", too_long.pk: "㍿" * 40}
    assert TechBroker.objects.get(pk=old.pk).filing_number == "OH-1"
    application.refresh_from_db()
    assert application.certificate_no == "ZJ-2024-X"
    assert [record.args[1] for record in caplog.records] == [second.pk, too_long.pk]
