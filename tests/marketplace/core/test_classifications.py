"""Technical fields and industries of a new platform."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.classifications import Industry, TechnicalField
from marketplace.management.commands.load_classifications import load

pytestmark = pytest.mark.django_db


def test_every_part_hangs_under_its_field_and_a_second_time_adds_nothing(capsys):
    with CaptureQueriesContext(connection) as queries:
        call_command("load_classifications")
    TechnicalField.objects.filter(code="0308").update(name="五金与锁具")
    capsys.readouterr()

    call_command("load_classifications")

    assert len(queries) < 25
    assert capsys.readouterr().out.count(": 0 added") == 2
    assert TechnicalField.objects.get(code="0308").path == ["03", "0308"]
    assert TechnicalField.objects.get(code="0308").name == "五金与锁具"
    assert Industry.objects.get(code="C3351").parent is not None


def test_a_row_whose_parent_is_missing_is_named(tmp_path):
    table = tmp_path / "fields.csv"
    table.write_text("code,name,name_en,parent\n01,电子信息,Electronics,\n0901,孤儿,Orphan,09\n")

    with pytest.raises(ValueError, match=r"fields\.csv: no parent for 0901"):
        load(table, TechnicalField)

    assert not TechnicalField.objects.exists()
