"""The journal: append-only, announced after the commit and not before; states and the lock."""

import pytest
from django.db import DatabaseError, transaction

from marketplace.core import journal
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.organisations.models import Organisation
from tests.factories.people import organisation, person


@pytest.fixture
def heard():
    entries = []

    def hear(sender, entry_id, **_):
        entries.append(entry_id)

    journal.committed.connect(hear)
    yield entries
    journal.committed.disconnect(hear)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_is_written_can_neither_be_changed_nor_taken_away(change):
    journal.record(Kind.ORGANISATION_CHANGED, organisation(), by=person())

    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(kind="x") if change == "update" else Entry.objects.all()._raw_delete("default")

    assert Entry.objects.get().kind == "organisation.changed"


@pytest.mark.django_db
def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="nonsense"):
        journal.record("nonsense", organisation(), by=None)

    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_is_announced_after_the_commit_only(heard):
    with transaction.atomic():
        entry = journal.record(Kind.ORGANISATION_CHANGED, organisation(), by=None)
        assert heard == []

    assert heard == [entry.pk]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_announced(heard):
    with transaction.atomic():
        journal.record(Kind.ORGANISATION_CHANGED, organisation(), by=None)
        transaction.set_rollback(True)

    assert heard == []
    assert not Entry.objects.exists()


def test_a_state_leads_only_where_next_says():
    house = Organisation(state="pending", name="甲")

    house.move_to("verified")
    with pytest.raises(WrongState) as caught:
        house.move_to("refused")

    assert house.state == "verified"
    assert str(caught.value)


@pytest.mark.django_db
def test_the_lock_reads_the_row_afresh():
    house = organisation()
    Organisation.objects.update(state="suspended")

    with transaction.atomic():
        house.lock()

    assert house.state == "suspended"
