"""A CHECK that is planned once refuses what PostgreSQL's own would, where one of its columns is written."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint, F, Q
from django.test.utils import isolate_apps

from marketplace.auctions.models import Lot, LotEvent
from marketplace.core.constraints import PlannedCheck

pytestmark = pytest.mark.django_db

CHEAPER = Q(cheap=None) | Q(cheap__lte=F("dear"))


@pytest.fixture
def shelf():
    """Return a model whose table has a planned check."""
    with isolate_apps("marketplace"):

        class Shelf(models.Model):
            cheap = models.IntegerField(null=True)
            dear = models.IntegerField(null=True)
            word = models.CharField(max_length=20, default="50%", db_column="a word")

            class Meta:
                app_label = "marketplace"
                constraints = [
                    PlannedCheck(name="shelf_cheap_is_cheaper", condition=CHEAPER),
                    PlannedCheck(name="shelf_word", condition=~Q(word='its "word"')),
                ]

            def __str__(self):
                return self.word

    with connection.schema_editor() as editor:
        editor.create_model(Shelf)
    return Shelf


def refused(name):
    return pytest.raises(IntegrityError, match=f'violates check constraint "{name}"')


def test_it_refuses_where_one_of_its_columns_is_written(shelf):
    row = shelf.objects.create(cheap=1, dear=2)

    with refused("shelf_cheap_is_cheaper") as said, transaction.atomic():
        shelf.objects.create(cheap=3, dear=2)
    with refused("shelf_cheap_is_cheaper"), transaction.atomic():
        shelf.objects.filter(pk=row.pk).update(dear=0)
    with refused("shelf_word"), transaction.atomic():
        shelf.objects.filter(pk=row.pk).update(word='its "word"')

    assert said.value.__cause__.diag.constraint_name == "shelf_cheap_is_cheaper"
    row.refresh_from_db()
    assert (row.cheap, row.dear, row.word) == (1, 2, "50%")


def test_what_is_unknown_passes_as_it_passes_a_check(shelf):
    assert shelf.objects.create(cheap=1, dear=None).pk


def test_it_asks_nothing_where_none_of_its_columns_is_written(shelf):
    row = shelf.objects.create(cheap=1, dear=2)
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{shelf._meta.db_table}" DISABLE TRIGGER "shelf_cheap_is_cheaper"')
        cursor.execute(f'UPDATE "{shelf._meta.db_table}" SET dear = 0')
        cursor.execute(f'ALTER TABLE "{shelf._meta.db_table}" ENABLE TRIGGER "shelf_cheap_is_cheaper"')

    shelf.objects.filter(pk=row.pk).update(word="other")

    with refused("shelf_cheap_is_cheaper"), transaction.atomic():
        shelf.objects.filter(pk=row.pk).update(cheap=1)


def test_a_form_asks_it_as_any_check(shelf):
    found = shelf(cheap=3, dear=2)

    with pytest.raises(models.base.ValidationError, match="shelf_cheap_is_cheaper"):
        found.validate_constraints()


def test_it_can_be_taken_away_and_is_another_than_a_check_of_the_same_words(shelf):
    planned = shelf._meta.constraints[0]
    plain = CheckConstraint(name=planned.name, condition=CHEAPER)

    with connection.schema_editor() as editor:
        editor.remove_constraint(shelf, planned)

    assert shelf.objects.create(cheap=3, dear=2).pk
    assert planned == planned.clone()
    assert plain != planned
    assert planned != plain
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proname = 'check_shelf_cheap_is_cheaper'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("model", [Lot, LotEvent])
def test_each_check_of_what_a_bid_writes_is_in_force(model):
    names = {each.name for each in model._meta.constraints if isinstance(each, CheckConstraint)}

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O' AND tgname = ANY (%s)",
            [model._meta.db_table, list(names)],
        )
        assert {name for (name,) in cursor.fetchall()} == names


@pytest.mark.parametrize("model", [Lot, LotEvent])
def test_what_each_of_them_asks_in_the_database_is_what_the_model_says(model):
    with connection.schema_editor() as editor:
        said = {
            each.name: each.create_sql(model, editor) for each in model._meta.constraints if type(each) is PlannedCheck
        }

    for name, words in said.items():
        with connection.cursor() as cursor:
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [f"check_{name}"])
            assert cursor.fetchall() == [(words.split("$$")[1],)], name
