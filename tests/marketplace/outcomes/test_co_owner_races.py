"""Two at once: colleagues of a co-owner, and a co-owner beside the last reviewer."""

import pytest
from wagtail.models import TaskState

from marketplace.core.journal import Entry
from marketplace.core.refusals import Refused
from marketplace.outcomes.co_ownership import CoOwnerAnswer, CoOwnership
from marketplace.outcomes.co_owning import answer_co_ownership, answer_seen
from marketplace.reviews.actions import approve_review
from tests.marketplace.outcomes import making
from tests.marketplace.outcomes.making import Institute, fresh
from tests.marketplace.outcomes.owning import Partner, agree, asked_of, sent_with
from tests.marketplace.reviews.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def institute(transactional_db):
    making.set_up()
    return Institute()


def test_of_two_colleagues_one_answers_and_the_other_is_told(institute):
    partner = Partner()
    asked = asked_of(sent_with(institute, partner), partner)
    seen = answer_seen(asked)

    def answer(user, **given):
        answer_co_ownership(CoOwnership.objects.get(), by=user, seen=seen, **given)

    answers = at_once(
        lambda: answer(partner.manager, answer="agreed"),
        lambda: answer(partner.publisher, answer="objected", reason="不同意"),
    )

    assert sum(isinstance(each, Refused) for each in answers) == 1
    assert CoOwnerAnswer.objects.get().answer == CoOwnership.objects.get().state
    assert Entry.objects.about(asked.outcome).filter(kind__in=["outcome.co_owner_agreed", "outcome.co_owner_objected"])


def test_an_objection_beside_the_last_approval_is_before_it_or_after_it(institute):
    partner = Partner()
    outcome = sent_with(institute, partner)
    agree(outcome, partner)
    approve_review(fresh(outcome).pending_review, by=institute.manager)
    step = fresh(outcome).pending_review.pk

    approved, objected = at_once(
        lambda: approve_review(TaskState.objects.get(pk=step), by=institute.officer),
        lambda: answer_co_ownership(
            CoOwnership.objects.get(), by=partner.manager, answer="objected", reason="不同意", seen=None
        ),
    )

    assert objected is None
    kinds = list(Entry.objects.about(outcome).order_by("pk").values_list("kind", flat=True))
    if fresh(outcome).live:
        assert kinds.index("outcome.published") < kinds.index("outcome.co_owner_objected")
    else:
        assert isinstance(approved, Refused)
