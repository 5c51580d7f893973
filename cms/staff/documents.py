"""The form of an editor's document: says which kinds are taken and who can open it, and looks at the content."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.documents.forms import BaseDocumentForm

from cms.portal.documents import pages_with
from cms.staff.document_kinds import accepted, refuse_unwanted
from marketplace.core.refusals import Refused


class DocumentForm(BaseDocumentForm):
    """Wagtail's form; without a field of the file where several are uploaded and named afterwards."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" not in self.fields:
            return
        said = [self.fields["file"].help_text, _("Accepted: %(accepted)s.") % {"accepted": accepted()}]
        self.fields["file"].help_text = " ".join(str(each) for each in [*said, self._readers()] if each)

    def _readers(self) -> str:
        """Return who can open the document now."""
        if self.instance.pk is None:
            return _("Visitors can open a document as long as a published page leads to it; before, only editors can.")
        pages = pages_with(self.instance)
        if not pages:
            return _("Visitors cannot open this document now: no published page leads to it.")
        told = ngettext(
            "Visitors can open this document: %(count)s published page leads to it (%(title)s).",
            "Visitors can open this document: %(count)s published pages lead to it (%(title)s and others).",
            len(pages),
        )
        return told % {"count": len(pages), "title": pages[0].title}

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if "file" in self.changed_data and upload:
            try:
                refuse_unwanted(upload)
            except Refused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return upload
