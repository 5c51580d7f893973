"""Who learns of a co-owner that is asked, and of its answer."""

import pytest

from marketplace.core import clock
from marketplace.notices.models import Notice
from marketplace.outcomes.actions import submit_outcome
from marketplace.outcomes.co_owner_letters import enter_co_owner_answer
from marketplace.reviews.actions import approve_review, recall_review
from marketplace.reviews.drafts import save_draft
from tests.marketplace.contracts.factories import scan
from tests.marketplace.outcomes import test_co_owners_outside as outside
from tests.marketplace.outcomes.making import Institute, fresh, join, person, set_up
from tests.marketplace.outcomes.owning import Partner, agree, asked_of, objects, sent_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def institute(db, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"
    set_up()
    return Institute()


@pytest.fixture
def partner(institute):
    return Partner()


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_publishers_and_managers_of_the_co_owner_are_told_and_mailed(commit, mailoutbox, institute, partner):
    person(of=partner.organisation)

    outcome = commit(lambda: sent_with(institute, partner))

    assert told("outcome.co_owner_asked") == {partner.publisher.pk, partner.manager.pk}
    mails = [mail for mail in mailoutbox if "共有人" in mail.subject]
    assert {mail.to[0] for mail in mails} == {partner.publisher.email, partner.manager.email}
    notice = Notice.objects.filter(kind="outcome.co_owner_asked").first()
    assert notice.path == asked_of(outcome, partner).get_absolute_url()
    assert outcome.title in notice.title


def test_whoever_has_agreed_is_not_told_of_the_next_version(commit, institute, partner):
    outcome = commit(lambda: sent_with(institute, partner))
    commit(lambda: agree(outcome, partner))
    recall_review(fresh(outcome), by=institute.publisher)

    commit(lambda: sent_with(institute, partner, outcome=fresh(outcome)))

    assert Notice.objects.filter(kind="outcome.co_owner_asked").count() == 2


def test_the_owner_is_told_of_the_answer(commit, institute, partner):
    outcome = commit(lambda: sent_with(institute, partner))
    commit(lambda: agree(outcome, partner))
    assert told("outcome.co_owner_agreed") == {institute.publisher.pk, institute.manager.pk}

    commit(lambda: objects(outcome, partner))
    assert told("outcome.co_owner_objected") == {institute.publisher.pk, institute.manager.pk}
    assert told("outcome.co_owner_objected_in_public") == set()


def test_the_district_is_told_of_an_objection_to_what_is_public(commit, institute, partner):
    inside = person("officer")
    join(inside, institute.organisation)
    outcome = sent_with(institute, partner, on_file=True)
    approve_review(fresh(outcome).pending_review, by=institute.manager)
    approve_review(fresh(outcome).pending_review, by=institute.officer)

    commit(lambda: objects(outcome, partner))

    assert told("outcome.co_owner_objected_in_public") == {institute.officer.pk}


def alone(institute, outcome):
    """Publish a version that names nobody but the owner."""
    version = fresh(outcome).newest_version
    version.co_owners = []
    save_draft(version, by=institute.publisher)
    submit_outcome(fresh(outcome).newest_version, by=institute.publisher, declared=True)
    for reviewer in (institute.manager, institute.officer):
        approve_review(fresh(outcome).pending_review, by=reviewer)
    return fresh(outcome)


def test_managers_of_who_is_named_no_longer_are_told_and_mailed_and_nothing_is_asked(
    commit, mailoutbox, institute, partner
):
    outcome = commit(lambda: sent_with(institute, partner, on_file=True))
    recall_review(fresh(outcome), by=institute.publisher)
    asked = Notice.objects.filter(kind="outcome.co_owner_asked")
    other = commit(lambda: sent_with(institute, partner))
    assert asked.unread().count() == 4

    commit(lambda: alone(institute, outcome))

    assert told("outcome.co_owner_dropped") == {partner.manager.pk}
    mails = [mail for mail in mailoutbox if "不再列贵单位为共有人" in mail.subject]
    assert [mail.to for mail in mails] == [[partner.manager.email]]
    notice = Notice.objects.get(kind="outcome.co_owner_dropped")
    assert notice.path == asked_of(outcome, partner).get_absolute_url()
    assert set(asked.unread().values_list("path", flat=True)) == {asked_of(other, partner).get_absolute_url()}


def test_people_of_the_co_owner_hear_of_an_answer_that_was_entered_for_them(commit, institute, partner):
    outcome = commit(lambda: sent_with(institute, partner))
    facts = {"answer": "agreed", "signed_by": "郑样例", "received_on": clock.today(), "letter": [scan("同意函.pdf")]}

    commit(lambda: enter_co_owner_answer(asked_of(outcome, partner), by=institute.officer, **facts))

    assert told("outcome.co_owner_answer_entered") == {partner.publisher.pk, partner.manager.pk}
    assert told("outcome.co_owner_agreed") == {institute.publisher.pk, institute.manager.pk}


def test_of_a_co_owner_outside_the_owner_hears_of_its_letter_and_who_entered_it_that_it_is_left_out(commit, institute):
    officer = person("officer")
    outcome = commit(lambda: outside.sent(institute))
    assert told("outcome.co_owner_asked") == set()

    commit(lambda: outside.objects(outcome, by=officer))
    assert told("outcome.co_owner_objected") == {institute.publisher.pk, institute.manager.pk}
    assert told("outcome.co_owner_answer_entered") == set()

    recall_review(fresh(outcome), by=institute.publisher)
    outcome = outside.sent(institute, ("另一样例合作社", 40), outcome=outcome)
    commit(lambda: outside.passed(institute, outcome))
    assert told("outcome.co_owner_outside_dropped") == {officer.pk}
    assert told("outcome.co_owner_dropped") == set()
