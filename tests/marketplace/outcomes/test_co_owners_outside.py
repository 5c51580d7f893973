"""Co-owners that are named by name only: an officer enters their letters, which count like answers given here."""

import copy
from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from marketplace.auctions.consent import CoOwnerObjects, require_consent
from marketplace.core import clock
from marketplace.core.files import files_of
from marketplace.core.journal import Entry, Kind
from marketplace.core.rules import why_not
from marketplace.core.views import is_visible_to
from marketplace.outcomes import co_owner_letters as letters
from marketplace.outcomes import rules
from marketplace.outcomes.actions import submit_outcome
from marketplace.outcomes.co_owner_letters import enter_co_owner_answer
from marketplace.outcomes.co_owners import objection_to, standings_of, why_not_consented
from marketplace.outcomes.co_ownership import CoOwnership
from marketplace.outcomes.no_longer_named import left_out_of
from marketplace.outcomes.parts import CoOwner
from marketplace.reviews.actions import approve_review, recall_review
from marketplace.reviews.drafts import save_draft
from marketplace.reviews.refusals import NotPublishable
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import scan
from tests.marketplace.outcomes.making import Institute, fresh, person, set_up
from tests.marketplace.outcomes.owning import Partner

pytestmark = pytest.mark.usefixtures("for_now")
NAME = "瓯江样例村股份经济合作社"
REASON = "转让须经村民代表会议讨论"


def held_with(institute, *others, outcome=None, modes=None, on_file=True):
    """Write into a draft who holds shares beside the owner, by (name, share); return the outcome."""
    draft = fresh(outcome or institute.draft())
    version = draft.newest_version
    rest = 100 - sum(share for _name, share in others)
    rows = [CoOwner(name=name, share=share, has_consented=on_file) for name, share in others]
    version.co_owners = [CoOwner(organisation=draft.owner, name=draft.owner.name, share=rest), *rows]
    version.modes = modes or version.modes
    save_draft(version, by=institute.publisher)
    return fresh(draft)


def sent(institute, *others, **more):
    outcome = held_with(institute, *(others or [(NAME, 40)]), **more)
    submit_outcome(outcome.newest_version, by=institute.publisher, declared=True)
    return fresh(outcome)


def passed(institute, outcome):
    for reviewer in (institute.manager, institute.officer):
        approve_review(fresh(outcome).pending_review, by=reviewer)
    return fresh(outcome)


def record_of(outcome):
    return outcome.co_ownerships.filter(organisation=None).order_by("-pk").first()


def said(**changed):
    facts = {"answer": "agreed", "signed_by": "郑样例", "received_on": clock.today(), "letter": [scan("同意函.pdf")]}
    return facts | changed


def entered(outcome, *, by=None, **changed):
    return enter_co_owner_answer(record_of(outcome), by=by or person("officer"), **said(**changed))


def objects(outcome, **changed):
    return entered(outcome, answer="objected", reason=REASON, **changed)


def standing(outcome):
    return standings_of(fresh(outcome).newest_version)[0]


@pytest.fixture(scope="module")
def lasting_scene(lasting):
    """An institute, and its outcome in review that names a co-owner by name."""
    set_up()
    institute = Institute()
    return institute, sent(institute)


@pytest.fixture
def institute(lasting_scene, for_now):
    return copy.deepcopy(lasting_scene[0])


@pytest.fixture
def outcome(lasting_scene, for_now):
    return fresh(lasting_scene[1])


def test_sent_in_it_has_a_record_and_nobody_is_asked(outcome):
    record = record_of(outcome)
    assert (record.name, record.share, record.state) == (NAME, Decimal(40), "waiting")
    assert (record.called, record.is_outside, record.stands) == (NAME, True, True)
    assert not Entry.objects.filter(kind=Kind.OUTCOME_CO_OWNER_ASKED).exists()
    assert (standing(outcome).key, standing(outcome).asked) == ("on_file", record)


def test_a_letter_of_consent_counts_like_an_answer_given_here(outcome):
    officer = person("officer")

    answer = entered(outcome, by=officer)

    assert record_of(outcome).state == "agreed"
    assert (answer.entered_by, answer.signed_by, answer.answered_by) == (officer, "郑样例", None)
    assert files_of(answer).get().is_confidential
    entry = Entry.objects.get(kind=Kind.OUTCOME_CO_OWNER_AGREED)
    assert (entry.actor, entry.on_behalf_of, entry.data["on_paper"]) == (officer, None, True)
    assert NAME not in str(entry.data)
    assert standing(outcome).key == "agreed"
    assert not standing(outcome).stops


def test_an_objection_by_letter_keeps_the_version_from_being_published(institute, outcome):
    objects(outcome)
    approve_review(fresh(outcome).pending_review, by=institute.manager)

    assert why_not_consented(fresh(outcome).newest_version) == f"共有人{NAME}不同意：{REASON}"
    with pytest.raises(NotPublishable, match=REASON):
        approve_review(fresh(outcome).pending_review, by=institute.officer)


def test_an_objection_to_what_is_public_keeps_it_from_lots(institute, outcome):
    outcome = passed(institute, outcome)
    assert objection_to(outcome) is None

    objects(outcome)

    assert NAME in objection_to(outcome)
    assert list(CoOwnership.objects.objecting()) == [record_of(outcome)]
    lot = type("Lot", (), {"outcome": outcome, "is_practice": False, "number": "L1"})()
    with pytest.raises(CoOwnerObjects, match=REASON):
        require_consent([lot])


def test_a_later_letter_changes_what_an_earlier_one_said(outcome):
    objects(outcome)

    entered(outcome)

    assert standing(outcome).key == "agreed"
    assert [answer.answer for answer in record_of(outcome).answers.all()] == ["agreed", "objected"]


def test_the_letter_may_have_come_before_the_outcome_was_sent_in(outcome):
    """Nobody is asked here: the applicant gathers the consent before. Only after today it cannot have come."""

    with pytest.raises(letters.NotReceivedYet):
        entered(outcome, received_on=clock.today() + timedelta(days=1))
    entered(outcome, received_on=clock.today() - timedelta(days=30))

    assert record_of(outcome).state == "agreed"


def test_a_letter_of_consent_stands_for_the_word_of_the_applicant(institute):
    outcome = sent(institute, modes=["ordinary"])
    entered(outcome)
    recall_review(fresh(outcome), by=institute.publisher)

    again = held_with(institute, (NAME, 40), outcome=outcome, on_file=False, modes=["ordinary"])
    assert "co_owners" not in again.newest_version.missing_for_review()

    other_share = held_with(institute, (NAME, 30), outcome=outcome, on_file=False, modes=["ordinary"])
    assert "co_owners" in other_share.newest_version.missing_for_review()
    other_ways = held_with(institute, (NAME, 40), outcome=outcome, on_file=False, modes=["ordinary", "trial_first"])
    assert "co_owners" in other_ways.newest_version.missing_for_review()


def test_another_way_asks_for_another_letter(institute):
    outcome = sent(institute, modes=["ordinary"])
    entered(outcome)
    recall_review(fresh(outcome), by=institute.publisher)

    outcome = sent(institute, outcome=outcome, modes=["ordinary", "trial_first"])

    assert (record_of(outcome).state, standing(outcome).key) == ("waiting", "on_file")
    assert standing(outcome).before.answer == "agreed"


def test_who_wrote_and_is_named_no_longer_is_shown_to_the_reviewer_and_told_of(institute, outcome):
    officer = person("officer")
    objects(outcome, by=officer)
    recall_review(fresh(outcome), by=institute.publisher)

    outcome = sent(institute, ("另一样例合作社", 40), outcome=outcome)

    (asked,) = left_out_of(fresh(outcome).newest_version)
    assert asked.name == NAME
    outcome = passed(institute, outcome)
    entry = Entry.objects.get(kind=Kind.OUTCOME_CO_OWNER_DROPPED)
    assert (entry.data["co_owner"], entry.data["objected"]) == (None, True)
    assert CoOwnership.objects.get(name=NAME).dropped_at is not None


def test_who_wrote_nothing_and_is_named_no_longer_leaves_no_note(institute, outcome):
    recall_review(fresh(outcome), by=institute.publisher)
    outcome = sent(institute, ("另一样例合作社", 40), outcome=outcome)

    assert left_out_of(fresh(outcome).newest_version) == []
    passed(institute, outcome)
    assert not Entry.objects.filter(kind=Kind.OUTCOME_CO_OWNER_DROPPED).exists()


def test_once_it_is_on_the_platform_its_letters_are_its_answers(institute, outcome):
    objects(outcome)
    recall_review(fresh(outcome), by=institute.publisher)
    partner = Partner(name=NAME)
    version = fresh(outcome).newest_version
    version.co_owners = [
        CoOwner(organisation=outcome.owner, name=outcome.owner.name, share=60),
        CoOwner(organisation=partner.organisation, name=NAME, share=40, has_consented=True),
    ]
    save_draft(version, by=institute.publisher)

    submit_outcome(fresh(outcome).newest_version, by=institute.publisher, declared=True)

    record = CoOwnership.objects.get()
    assert (record.organisation, record.name, record.state) == (partner.organisation, "", "objected")
    assert record.has_objected
    assert why_not(rules.answer_co_ownership, partner.publisher, record) is None


def test_only_officers_outside_the_matter_enter_and_nobody_answers_here(institute, outcome):
    record = record_of(outcome)
    cast = {
        "publisher": institute.publisher,
        "manager": institute.manager,
        "officer": person("officer"),
        "officer of the owner": person("officer", of=institute.organisation),
        "registrar": person("registrar"),
    }

    def allowed(rule):
        return {who for who, user in cast.items() if why_not(rule, user, record) is None}

    assert (allowed(rules.enter_co_owner_answer), allowed(rules.answer_co_ownership)) == ({"officer"}, set())
    with pytest.raises(PermissionDenied):
        enter_co_owner_answer(record, by=institute.manager, **said())


def test_the_database_keeps_organisations_and_names_apart(institute, outcome):
    record = record_of(outcome)
    for facts in ({"name": ""}, {"organisation": institute.organisation}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CoOwnership.objects.filter(pk=record.pk).update(**facts)
    kept = {"outcome": record.outcome, "revision": record.revision, "asked_at": record.asked_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        CoOwnership.objects.create(name=NAME, share=record.share, **kept)


def test_the_owner_and_officers_open_the_letter_and_nobody_else(institute, outcome):
    letter = files_of(entered(outcome)).get()
    people = {"owner": institute.publisher, "officer": person("officer"), "stranger": Partner().manager}

    assert {who for who, user in people.items() if is_visible_to(letter, user)} == {"owner", "officer"}


def test_what_was_named_before_letters_had_records_gets_one(institute, outcome):
    """The step of migration 0088: outcomes that are public, and versions in review."""
    public = passed(institute, outcome)
    in_review = sent(institute, ("另一样例合作社", 25.5))
    CoOwnership.objects.all().delete()
    step = import_module("marketplace.migrations.0088_letters_on_record")

    step.keep_the_named(apps, None)

    assert record_of(public).stands
    assert (record_of(in_review).name, record_of(in_review).share) == ("另一样例合作社", Decimal("25.5"))
    assert record_of(in_review).stands
    assert CoOwnership.objects.count() == 2


# pages


def test_an_officer_finds_and_enters_the_letter_on_the_pages(client, institute, outcome):
    outcome, officer = passed(institute, outcome), person("officer")
    record = record_of(outcome)
    path = reverse("co-ownership-letter", args=[record.code])
    sign_in(client, officer)
    assert record.get_absolute_url() in client.get(outcome.get_absolute_url()).content.decode()
    assert path in client.get(record.get_absolute_url()).content.decode()
    assert NAME in client.get(path).content.decode()

    empty = client.post(path, {"answer": ""})
    answer = client.post(path, said(received_on=clock.today().isoformat()))

    assert set(empty.context["form"].errors) == {"answer", "signed_by", "received_on", "letter"}
    assert (answer.status_code, answer.url) == (302, record.get_absolute_url())
    sign_in(client, institute.publisher)
    page = client.get(record.get_absolute_url()).content.decode()
    for words in (NAME, "郑样例", str(officer), "同意函.pdf", "平台外"):
        assert words in page
    assert path not in page


def test_the_reviewer_reads_the_letter_beside_the_shares(client, institute, outcome):
    objects(outcome)

    notes = fresh(outcome).newest_version.notes_for_reviewer(institute.officer)

    (note,) = [note for note in notes if note["field"] == "co_owners"]
    assert (note["tone"], note["href"]) == ("stop", record_of(outcome).get_absolute_url())
    assert REASON in note["text"]
