"""One patent in outcomes of two holders: nobody is refused, author and reviewers are told."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.outcomes.actions import submit_outcome
from marketplace.outcomes.availability import withdraw_outcome
from marketplace.outcomes.parts import IPRight
from marketplace.outcomes.rights_elsewhere import twins_of
from marketplace.reviews.actions import recall_review
from marketplace.reviews.drafts import save_draft
from tests.factories.people import sign_in
from tests.marketplace.outcomes.making import Institute, fresh, patent

pytestmark = pytest.mark.django_db


def resting_on(outcome, *numbers, by):
    """Write into a draft which patents it rests on, as they are given."""
    draft = outcome.newest_version
    draft.ip_rights = [IPRight(kind="invention", number=number, title="一种装置") for number in numbers]
    save_draft(draft, by=by)
    return fresh(outcome)


def send(outcome, house):
    submit_outcome(outcome, by=house.publisher, declared=True)


@pytest.fixture
def other(institute):
    return Institute()


def test_the_author_is_told_of_public_outcomes_of_others(client, institute, other):
    number, unshared = patent(), patent()
    theirs = resting_on(other.draft(title="他所的成果"), unshared, number, by=other.publisher)
    own = resting_on(institute.published(title="本所的另一项"), number, by=institute.publisher)
    ours = resting_on(institute.draft(), number.removeprefix("ZL"), by=institute.publisher)
    sign_in(client, institute.publisher)
    edit = reverse("outcome-edit", args=[ours.number])

    assert "其他成果中的相同专利" not in client.get(edit).content.decode()
    send(theirs, other)
    assert "其他成果中的相同专利" not in client.get(edit).content.decode()

    other.pass_review(fresh(theirs))
    page = client.get(edit).content.decode()
    assert f"{number.removeprefix('ZL')} 也出现在" in page
    assert f'href="{theirs.get_absolute_url()}"' in page
    assert own.number not in page.split('id="readiness"')[0].split('id="ip_rights-title"')[1]
    assert [(twin.patent, twin.number) for twin in twins_of(ours.newest_version)] == [
        (number.removeprefix("ZL"), theirs.number)
    ]

    withdraw_outcome(fresh(theirs), by=other.manager)
    assert twins_of(ours.newest_version) == []


def test_a_reviewer_is_told_of_what_is_in_review_too_and_named_it_only_where_they_may_see_it(client, institute, other):
    number = patent()
    theirs = resting_on(other.draft(title="他所在审的成果"), number, by=other.publisher)
    send(theirs, other)
    ours = resting_on(institute.draft(), number, by=institute.publisher)
    send(ours, institute)

    def page(user):
        sign_in(client, user)
        return client.get(fresh(ours).review_url).content.decode()

    officer = page(institute.officer)
    assert f'href="{theirs.review_url}"' in officer
    assert "他所在审的成果" in officer
    manager = page(institute.manager)
    assert f"{number} 也出现在其他单位一项审核中的成果里" in manager
    assert theirs.number not in manager
    assert "他所在审的成果" not in manager

    recall_review(fresh(theirs), by=other.publisher)
    assert "也出现在" not in page(institute.officer)


def test_looking_for_the_same_patents_is_one_query(institute, other):
    numbers = [patent() for _ in range(3)]
    ours = resting_on(institute.draft(), *numbers, by=institute.publisher).newest_version
    send(resting_on(other.draft(), *numbers, by=other.publisher), other)
    resting_on(other.draft(), numbers[0], by=other.publisher)
    public = resting_on(other.draft(), numbers[1], by=other.publisher)
    send(public, other)
    other.pass_review(fresh(public))

    for in_review, found in ((False, 1), (True, 4)):
        with CaptureQueriesContext(connection) as asked:
            assert len(twins_of(ours, in_review=in_review)) == found
        assert len(asked) == 1

    without = resting_on(institute.draft(), by=institute.publisher).newest_version
    with CaptureQueriesContext(connection) as asked:
        assert twins_of(without, in_review=True) == []
    assert len(asked) == 0
