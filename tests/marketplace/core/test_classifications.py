"""Technical fields and industries of a new platform."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.classifications import Industry, TechnicalField, grouped
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


@pytest.mark.parametrize(
    ("model", "code", "part_of", "fits"),
    [
        (TechnicalField, "03", None, True),
        (TechnicalField, "0308", "03", True),
        (TechnicalField, "-7x", None, False),
        (TechnicalField, "３８", None, False),
        (TechnicalField, "0408", "03", False),
        (Industry, "C", None, True),
        (Industry, "C3351", "C33", True),
        (Industry, "c33", None, False),
        (Industry, "D44", "C", False),
    ],
)
def test_a_code_has_the_form_of_its_kind_and_begins_with_that_above(model, code, part_of, fits):
    above = model(pk=1, code=part_of, name="上级") if part_of else None
    node = model(code=code, name="样例", parent=above)

    if fits:
        node.clean()
    else:
        with pytest.raises(ValidationError, match="code") as refused:
            node.clean()
        assert set(refused.value.message_dict) == {"code"}


def test_a_form_is_offered_all_levels_in_one_query(django_assert_num_queries):
    call_command("load_classifications", verbosity=0)

    with django_assert_num_queries(1):
        offered = dict(grouped(Industry))

    codes = [name.split()[0] for _pk, name in offered["制造业"]]
    assert codes[0] == "C"
    assert codes == sorted(codes)
    assert {"C33", "C3351"} < set(codes)
    assert sum(map(len, offered.values())) == Industry.objects.count()
