"""Who is mailed about a review is mailed by our notices alone: no mailer of the admin writes beside them."""

import pytest

from marketplace.outcomes.actions import submit_outcome
from marketplace.reviews.actions import return_review
from tests.marketplace.outcomes import making
from tests.marketplace.outcomes.making import fresh

pytestmark = pytest.mark.django_db


def test_a_review_sends_no_mail_of_its_own(mailoutbox):
    making.set_up()
    institute = making.Institute()
    outcome = institute.submitted()
    return_review(outcome.pending_review, by=institute.manager, comment="请补充试验数据。")
    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    institute.pass_review(fresh(outcome))

    assert fresh(outcome).live
    assert [mail.subject for mail in mailoutbox] == []
