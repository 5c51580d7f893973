"""Outcomes that say nearly the same: found while a draft is written, without telling of other people's drafts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.outcomes.actions import submit_outcome
from marketplace.outcomes.availability import withdraw_outcome
from marketplace.outcomes.papers import attach_outcome_file
from marketplace.reviews.drafts import delete_draft, save_draft
from search import twins
from search.models import TextSignature
from tasks.delivery import at_once
from tasks.index import sign_outcomes
from tests.factories.people import sign_in
from tests.marketplace.outcomes.making import Institute, fresh

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

OTHER = "超低温阀门唇形密封在零下一百九十六度保持弹性，泄漏率低，已通过三千次循环试验。"


def rewritten(institute, outcome, title, summary):
    version = fresh(outcome).newest_version
    version.title, version.summary = title, summary
    save_draft(version, by=institute.publisher)
    return fresh(outcome)


@pytest.fixture
def other(platform):
    return Institute(name="样例研究院乙")


def found(outcome, user):
    return [(twin.number, twin.is_draft) for twin in twins.twins(fresh(outcome).newest_version, user)]


def test_a_public_outcome_is_found_by_a_draft_of_another_institute(institute, other):
    public = institute.published()
    draft = other.draft()
    sign_outcomes()

    near = twins.twins(draft.newest_version, other.publisher)

    assert [(twin.number, twin.is_draft, twin.share) for twin in near] == [(public.number, False, 1.0)]
    assert near[0].href == f"/outcomes/{draft.number}/beside/{public.number}/"


def test_drafts_are_found_by_their_own_organisation_only(institute, other):
    mine, second, theirs = institute.draft(), institute.draft(), other.draft()
    sign_outcomes()

    assert found(mine, institute.publisher) == [(second.number, True)]
    assert found(theirs, other.publisher) == []
    assert found(theirs, institute.officer) == []


def test_the_new_draft_of_a_public_outcome_is_not_told_to_others(institute, other):
    public = institute.published()
    changed = rewritten(institute, public, "超低温阀门唇形密封", OTHER)
    theirs = rewritten(other, other.draft(), "超低温阀门唇形密封", OTHER)
    sign_outcomes()

    assert changed.has_unpublished_changes
    assert found(theirs, other.publisher) == []
    assert found(institute.draft(), institute.publisher) == [(public.number, False)]


def test_another_text_is_not_alike(institute, other):
    institute.published()
    draft = rewritten(other, other.draft(), "超低温阀门唇形密封", OTHER)
    sign_outcomes()

    assert found(draft, other.publisher) == []


def test_what_is_saved_by_itself_is_signed_by_the_sweep_once(institute):
    draft = institute.draft()
    sign_outcomes()
    rewritten(institute, draft, "超低温阀门唇形密封", OTHER)

    assert [each.number for each in twins.unsigned()] == [draft.number]
    sign_outcomes()
    assert not twins.unsigned().exists()
    assert TextSignature.objects.filter(outcome=draft).count() == 1


def test_a_withdrawn_outcome_is_found_by_its_owner_only(institute, other, tmp_path, settings):
    settings.SEARCH_DIR = tmp_path / "search"
    public = institute.published()
    withdraw_outcome(public, by=institute.publisher)
    draft, own = other.draft(), institute.draft()
    sign_outcomes()

    assert found(draft, other.publisher) == []
    assert found(own, institute.publisher) == [(public.number, True)]


def test_the_journal_keeps_the_public_signatures_true(
    institute, tmp_path, settings, django_capture_on_commit_callbacks
):
    settings.SEARCH_DIR = tmp_path / "search"

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        public = institute.published()
    published = list(TextSignature.objects.values_list("outcome__number", "is_public"))
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        withdraw_outcome(public, by=institute.publisher)

    assert published == [(public.number, True)]
    assert list(TextSignature.objects.values_list("outcome__number", "is_public")) == [(public.number, False)]


def test_rebuilding_the_index_signs_what_there_is(institute, tmp_path, settings, capsys):
    settings.SEARCH_DIR = tmp_path / "search"
    institute.published()
    institute.draft()

    call_command("rebuild_index", "outcome")

    assert "outcome: 2 signatures" in capsys.readouterr().out
    assert not twins.unsigned().exists()


def test_a_deleted_draft_leaves_no_signature(institute):
    draft = institute.draft()
    sign_outcomes()

    delete_draft(draft, by=institute.publisher)

    assert not TextSignature.objects.exists()


def test_looking_asks_no_more_for_more(institute):
    draft = institute.draft()
    institute.draft()
    sign_outcomes()
    version, user = fresh(draft).newest_version, institute.publisher
    assert user.member_roles
    with CaptureQueriesContext(connection) as one:
        twins.twins(version, user)
    institute.draft()
    institute.draft()
    sign_outcomes()
    with CaptureQueriesContext(connection) as three:
        assert len(twins.twins(version, user)) == 3

    assert len(three) == len(one) == 2


def test_side_by_side_no_file_is_named(client, institute, other):
    left, right = institute.draft(), other.published()
    upload = SimpleUploadedFile("秘密配方.pdf", PDF)
    attach_outcome_file(left, by=institute.publisher, upload=upload, purpose="document", confidential=True)
    submit_outcome(fresh(left), by=institute.publisher, declared=True)
    institute.pass_review(fresh(left))

    sign_in(client, other.manager)
    page = client.get(f"/outcomes/{left.number}/beside/{right.number}/")

    assert page.status_code == 200
    assert "秘密配方" not in page.content.decode()
