"""Taking an import back while somebody sends one of its drafts to review: real threads, one of them waits."""

import threading

import pytest
from django.db import connection, transaction

from marketplace.outcomes.imports.actions import take_back_import
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
