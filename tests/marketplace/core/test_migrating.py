"""Steps taken at once leave what they leave one by one; the one step for the many ends where they end."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from marketplace.core.migrating import AtOnce
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome

STEPS = [
    migrations.CreateModel("Person", [("id", models.AutoField(primary_key=True))]),
    migrations.CreateModel(
        "Hall", [("id", models.AutoField(primary_key=True)), ("best", models.ForeignKey("halls.Seat", models.PROTECT))]
    ),
    migrations.CreateModel(
        "Seat",
        [("id", models.AutoField(primary_key=True)), ("hall", models.ForeignKey("halls.Hall", models.CASCADE))],
    ),
    migrations.AddConstraint("Seat", models.CheckConstraint(condition=models.Q(id__gt=5), name="seat_from_six")),
    migrations.AddField("Seat", "taken_by", models.ForeignKey("halls.Person", models.SET_NULL, null=True)),
]


def applied(operation, state):
    """Return the state after an operation that was carried out in the database."""
    after = state.clone()
    operation.state_forwards("halls", after)
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("halls", editor, state, after)
    return after


def tables():
    return {name for name in connection.introspection.table_names() if name.startswith("halls_")}


@pytest.mark.django_db(transaction=True)
def test_tables_that_need_each_other_are_made_and_removed():
    before = ProjectState()
    before.apps  # noqa: B018  (as the executor does before the first step)

    after = applied(AtOnce(STEPS), before)

    try:
        assert "apps" in after.__dict__
        assert tables() == {"halls_person", "halls_hall", "halls_seat"}
        with pytest.raises(IntegrityError, match="seat_from_six"), transaction.atomic():
            after.apps.get_model("halls", "Seat").objects.create(id=5, hall_id=1)
    finally:
        with connection.schema_editor(atomic=False) as editor:
            AtOnce(STEPS).database_backwards("halls", editor, after, before)
    assert tables() == set()


def test_the_state_is_that_of_the_steps_one_by_one():
    at_once, one_by_one = ProjectState(), ProjectState()

    AtOnce(STEPS).state_forwards("halls", at_once)
    for step in STEPS:
        step.state_forwards("halls", one_by_one)

    assert at_once == one_by_one
    assert "apps" not in at_once.__dict__


def test_what_follows_finds_all_models_rendered():
    state = ProjectState()
    migrations.CreateModel("Door", [("id", models.AutoField(primary_key=True))]).state_forwards("halls", state)
    state.apps  # noqa: B018  (as the executor does before the first step)
    migrations.AddField("Door", "note", models.TextField(default="")).state_forwards("halls", state)
    assert state.is_delayed

    AtOnce(STEPS).state_forwards("halls", state)

    rendered = state.apps
    state.clear_delayed_apps_cache()  # as RunPython does
    assert state.apps is rendered


@pytest.mark.parametrize(
    ("app", "one", "last"),
    [
        ("marketplace", "0002_squashed_0092_deals_of_trials", "0092_deals_of_trials"),
        ("search", "0001_squashed_0005_saved_searches", "0005_saved_searches"),
    ],
)
def test_the_one_step_ends_where_the_many_end(app, one, last):
    many = MigrationLoader(None, replace_migrations=False).project_state((app, last))
    loader = MigrationLoader(None)
    at_once = loader.project_state((app, one))

    ours = [key for key in at_once.models if key[0] == app]
    assert set(ours) == {key for key in many.models if key[0] == app}
    assert MigrationAutodetector(of_models(ours, many), of_models(ours, at_once)).changes(loader.graph) == {}


def test_the_one_step_makes_the_functions_and_triggers_the_many_leave():
    loader = MigrationLoader(None, replace_migrations=False)
    one = loader.disk_migrations["marketplace", "0002_squashed_0092_deals_of_trials"]
    many = [loader.disk_migrations[key] for key in one.replaces]

    left = left_by(many)

    assert ("TRIGGER", "coowneranswer_append_only") in left
    assert ("FUNCTION", "place_bid") in left
    assert left_by([one]) == left


MADE_OR_REMOVED = re.compile(
    r"^\s*(CREATE|DROP)(?: OR REPLACE)?(?: CONSTRAINT)? (FUNCTION|TRIGGER)(?: IF EXISTS)? (\w+)", re.MULTILINE
)


def left_by(steps):
    """Return what of functions and triggers these steps make and no later one of them removes."""
    left = set()
    for operation in (each for step in steps for each in one_by_one(step.operations)):
        for verb, kind, name in MADE_OR_REMOVED.findall(getattr(operation, "sql", "")):
            (left.add if verb == "CREATE" else left.discard)((kind, name))
    return left


def one_by_one(operations):
    for operation in operations:
        yield from operation.operations if isinstance(operation, AtOnce) else [operation]


def of_models(keys, state):
    """Return the state of these models alone."""
    alone = ProjectState()
    for key in keys:
        alone.add_model(state.models[key])
    return alone


@pytest.mark.django_db
def test_what_wagtails_search_kept_of_outcomes_and_needs_goes_and_its_pages_stay():
    forget = import_module("marketplace.migrations.0073_out_of_wagtails_search").forget
    kinds = [ContentType.objects.get_for_model(model) for model in (ResearchOutcome, TechnologyNeed, Page)]
    IndexEntry.objects.all().delete()
    IndexEntry.objects.bulk_create(
        IndexEntry(content_type=kind, object_id="1", autocomplete="锁", title="锁", body="锁", title_norm=1.0)
        for kind in kinds
    )

    forget(apps, None)

    assert list(IndexEntry.objects.values_list("content_type", flat=True)) == [kinds[-1].pk]
