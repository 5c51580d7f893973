"""A draft is put together from what holds today, and kept as PDF and DOCX."""

import hashlib
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from marketplace.contracts.drafts import rules
from marketplace.contracts.drafts.assembling import draft_paper, texts_for
from marketplace.contracts.drafts.models import ContractDraft
from marketplace.contracts.drafts.refusals import NoSuchVersion, NothingNew
from marketplace.contracts.models import DRAFT, TechnologyContract
from marketplace.core import clock, files, journal
from marketplace.core.actions import read_file
from marketplace.core.files import DOCUMENTS, PDF, File
from marketplace.core.journal import Entry, Kind
from marketplace.core.papers import as_pdf, content_of
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.core.word import DOCX, as_docx
from marketplace.deals.parts import DealNote
from marketplace.deals.talking import add_note
from marketplace.organisations.models import Organisation, User


@transaction.atomic
def assemble_draft(contract: TechnologyContract, *, by: User) -> ContractDraft:
    """Put the next version of an unsent contract's draft together; earlier ones stay.

    Raises ClausesMissing, NothingNew, WrongState.
    """
    contract.lock()
    now = clock.now()
    require(rules.assemble_draft, by, contract)
    if not contract.is_unsent:
        raise WrongState(state=contract.get_state_display())
    last = contract.drafts.order_by("-version").first()
    version = last.version + 1 if last else 1
    texts = texts_for(contract, on=timezone.localdate(now))
    paper = draft_paper(contract, texts, version=version, at=now)
    with translation.override("zh-hans"):
        content = hashlib.sha256(content_of(paper).encode()).hexdigest()
        if last is not None and last.content_sha256 == content:
            raise NothingNew(version=last.version)
        name = f"{contract.project_name[:80]}-草案{version}"
        pdf = _keep(f"{name}.pdf", as_pdf(paper), PDF, contract=contract, by=by)
        docx = _keep(f"{name}.docx", as_docx(paper), DOCX, contract=contract, by=by)
    made = ContractDraft.objects.create(
        contract=contract,
        version=version,
        pdf=pdf,
        docx=docx,
        content_sha256=content,
        assembled_by=by,
        assembled_at=now,
    )
    made.clauses.set(texts)
    facts = {"version": version, "pdf": pdf.sha256, "docx": docx.sha256}
    journal.record(Kind.CONTRACT_ASSEMBLED, contract, by=by, on_behalf_of=contract.seller, **facts)
    return made


def _keep(name: str, content: bytes, media_type: str, *, contract: TechnologyContract, by: User) -> File:
    upload = SimpleUploadedFile(name, content, content_type=media_type)
    return files.keep(upload, subject=contract, by=by, purpose=DRAFT, accepted=DOCUMENTS, confidential=True)


@transaction.atomic
def read_versions(
    contract: TechnologyContract, drafts: Sequence[ContractDraft], *, by: User, organisation: Organisation | None
) -> list[Entry]:
    """Write down that somebody reads what versions of a draft say, as if their PDFs were opened."""
    require(rules.read_deal_drafts, by, contract)
    return [read_file(draft.pdf, by=by, organisation=organisation) for draft in drafts]


@transaction.atomic
def speak_of_draft(
    contract: TechnologyContract, *, by: User, organisation: Organisation | None, version: int, text: str
) -> DealNote:
    """Say something about one version in the talk of the deal. Raises NoSuchVersion, NothingSaid, DealEnded."""
    require(rules.read_deal_drafts, by, contract)
    if contract.deal is None or not contract.drafts.filter(version=version).exists():
        raise NoSuchVersion(version=version)
    about = _("On version %(version)s of the contract's draft:") % {"version": version}
    return add_note(contract.deal, by=by, organisation=organisation, text=f"{about}\n{text}" if text.strip() else "")
