"""Numbers of certificates and filings are written as they are compared: half width, capitals, no outer spaces."""

import logging
import unicodedata
from typing import Any

from django.db import migrations

AT_ONCE = 1000
COLUMNS = (
    ("TechBroker", "certificate_no"), ("TechBroker", "filing_number"), ("BrokerApplication", "certificate_no"),
)  # fmt: skip
logger = logging.getLogger(__name__)


def _plain(number: str) -> str:
    return unicodedata.normalize("NFKC", number).strip().upper()


def _write_plain_column(model: Any, column: str) -> None:
    """Leave a number that another row has already, or that does not fit; only people can tell what it should be."""
    field, rows = model._meta.get_field(column), model.objects.order_by("pk").values_list("pk", column)
    taken = set(model.objects.values_list(column, flat=True)) if field.unique else set()
    changed = []
    for pk, number in rows.iterator(AT_ONCE):
        plain = _plain(number)
        if plain == number:
            continue
        if plain in taken or not 0 < len(plain) <= field.max_length:
            logger.warning("%s %s: %s %r stays as it is", model._meta.object_name, pk, column, number)
            continue
        if field.unique:
            taken.add(plain)
        changed.append(model(pk=pk, **{column: plain}))
    model.objects.bulk_update(changed, [column], batch_size=AT_ONCE)


def write_plain(apps: Any, editor: Any) -> None:
    for name, column in COLUMNS:
        _write_plain_column(apps.get_model("marketplace", name), column)


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0073_out_of_wagtails_search")]
    operations = [migrations.RunPython(write_plain, migrations.RunPython.noop)]
