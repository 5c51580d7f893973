"""Two who meet at one import: real threads, one of them waits."""

import threading

import pytest
from django.db import connection, transaction

from marketplace.core.journal import Entry, Kind
from marketplace.outcomes.imports.actions import take_back_import, take_over_import
from marketplace.outcomes.imports.meanwhile import AlreadyAsked
from marketplace.outcomes.imports.models import OutcomeImport
from marketplace.outcomes.models import ResearchOutcome
from tests.marketplace.outcomes.making import Institute, fill, set_up
from tests.marketplace.outcomes.test_import import GOOD, HEAD, take_over, upload

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_draft_that_is_being_sent_in_is_not_deleted_under_the_reviewer():
    set_up()
    institute = Institute()
    batch = upload(institute.organisation, institute.publisher, HEAD + GOOD)
    take_over(batch, institute.publisher)
    outcome = ResearchOutcome.objects.get()
    stayed = []

    def take_back():
        stayed.append(take_back_import(batch, by=institute.publisher))
        connection.close()

    thread = threading.Thread(target=take_back)
    with transaction.atomic():
        outcome.lock()
        thread.start()
        thread.join(0.5)
        waits = thread.is_alive()
        fill(outcome).save_revision(user=institute.manager, clean=False)
    thread.join(20)

    assert waits
    assert stayed == [1]
    assert ResearchOutcome.objects.filter(pk=outcome.pk).exists()


def test_of_two_who_accept_an_import_at_once_the_second_is_told_of_the_first():
    set_up()
    institute = Institute()
    batch = upload(institute.organisation, institute.publisher, HEAD + GOOD)
    start, told = threading.Barrier(2), []

    def accept(by):
        start.wait(10)
        try:
            take_over_import(OutcomeImport.objects.get(pk=batch.pk), by=by)
        except AlreadyAsked as refusal:
            told.append(refusal.details["who"])
        connection.close()

    people = [institute.publisher, institute.manager]
    threads = [threading.Thread(target=accept, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    first = Entry.objects.get(kind=Kind.IMPORT_TAKE_OVER_ASKED).actor
    assert told == [str(first)]
