import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from wagtail.models import ReferenceIndex
from wagtail.tasks import delete_file_from_storage_task

from marketplace.reviews.drafts import save_draft
from tasks.app import app
from tasks.wagtail_jobs import REFERENCES, run_wagtail_job
from tests.marketplace.matching.factories import need
from tests.marketplace.outcomes.making import Institute, set_up
from tests.standing_site import ensure_site


def _message_about(name, queue):
    """Return the first message that names it; what a thread of an earlier test sent late is passed over."""
    while True:
        message = queue.get(timeout=5)
        message.ack()
        if name in str(message.payload):
            return message


def test_a_job_of_wagtail_becomes_one_message_and_the_message_runs_it(db, tmp_path, django_capture_on_commit_callbacks):
    storage = FileSystemStorage(location=str(tmp_path))
    storage.save("picture.png", ContentFile(b"picture"))
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge("default")

    with django_capture_on_commit_callbacks(execute=True):
        where = ["django.core.files.storage.FileSystemStorage", [], {"location": str(tmp_path)}]
        delete_file_from_storage_task.enqueue(where, "picture.png")

    with app.connection_for_write() as broker:
        message = _message_about("picture.png", broker.SimpleQueue("default"))
    assert message.headers["task"] == "tasks.wagtail_jobs.run_wagtail_job"
    assert storage.exists("picture.png")

    run_wagtail_job(*message.payload[0])

    assert not storage.exists("picture.png")


def test_what_is_drafted_and_published_is_in_our_index_and_makes_no_job_for_wagtails(
    db, monkeypatch, django_capture_on_commit_callbacks
):
    set_up()
    jobs = []
    monkeypatch.setattr(run_wagtail_job, "delay", lambda path, *_: jobs.append(path))

    with django_capture_on_commit_callbacks(execute=True):
        institute = Institute()
        outcome = institute.published()
        outcome.summary += "再写一句。"
        save_draft(outcome, by=institute.publisher)
        need()

    assert jobs == []


@pytest.mark.parametrize("fails", [False, True])
def test_what_a_page_leads_to_is_written_at_once_and_left_to_the_worker_only_where_that_fails(
    db, monkeypatch, django_capture_on_commit_callbacks, fails
):
    about = ensure_site().get_children().get(slug="about").specific
    jobs = []
    monkeypatch.setattr(run_wagtail_job, "delay", lambda *job: jobs.append(job))
    if fails:
        monkeypatch.setattr(ReferenceIndex, "create_or_update_for_object", lambda page: page.nothing_like_it)

    with django_capture_on_commit_callbacks(execute=True):
        about.title = "关于我们"
        about.save()

    about_references = [job for job in jobs if job[0] == REFERENCES]
    assert about_references == [(REFERENCES, ["cms", "generalpage", str(about.pk)], {})] * fails
    about.refresh_from_db()
    assert about.title == "关于我们"
