"""Files of an outcome. Which of them a version shows is part of the version, so a new file waits for review too."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.files import DOCUMENTS, PICTURES, File, files_of, keep
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User
from marketplace.outcomes import rules
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.wording import Purpose
from marketplace.reviews.drafts import save_draft

MOST_FILES = 20


class TooManyFiles(Refused):
    message = _("An outcome has at most %(most)s files. Take one away first.")
    field = "file"


@transaction.atomic
def attach_outcome_file(
    outcome: ResearchOutcome, *, by: User, upload: UploadedFile, purpose: str, confidential: bool = False
) -> File:
    """Add a file to the newest draft; a confidential one, picture or paper, is for those who read that part.

    Raises UnwantedType, TooLarge, EmptyFile, UnreadablePicture (by content, not by name), TooManyFiles or InReview.
    """
    outcome.lock()
    require(rules.attach_outcome_file, by, outcome)
    draft = outcome.newest_version
    if len(draft.file_codes) >= MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    purpose = Purpose(purpose)
    file = keep(
        upload,
        subject=outcome,
        by=by,
        purpose=purpose,
        accepted=PICTURES if purpose == Purpose.PICTURE else DOCUMENTS,
        confidential=confidential,
    )
    draft.file_codes = [*draft.file_codes, file.code]
    save_draft(draft, by=by)
    journal.record(Kind.FILE_ADDED, outcome, by=by, on_behalf_of=outcome.owner, file=file.code, sha256=file.sha256)
    return file


@transaction.atomic
def withdraw_outcome_file(outcome: ResearchOutcome, *, by: User, code: str) -> None:
    """Take a file out of the newest draft; it stays where an earlier version was sent in with it."""
    outcome.lock()
    require(rules.withdraw_outcome_file, by, outcome)
    draft = outcome.newest_version
    draft.file_codes = [each for each in draft.file_codes if each != code]
    save_draft(draft, by=by)
    journal.record(Kind.FILE_WITHDRAWN, outcome, by=by, on_behalf_of=outcome.owner, file=code)
    if not outcome.was_sent_in:
        files_of(outcome).filter(code=code).update(withdrawn_at=clock.now())


def is_on_the_page(file: File) -> bool:
    """Tell whether the page shows a file itself: open pictures. Confidential ones are opened, and that is recorded."""
    return file.purpose == Purpose.PICTURE and file.media_type in PICTURES and not file.is_confidential
