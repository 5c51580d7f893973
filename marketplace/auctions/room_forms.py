"""Forms of a data room."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.auctions.data_room import TERMS


class RoomDocumentForm(forms.Form):
    """One document for the room."""

    title = forms.CharField(
        label=pgettext_lazy("document", "title"),
        max_length=120,
        help_text=_("What bidders read in the list, such as: patent certificate, test report, licence agreement."),
    )
    file = forms.FileField(label=_("file"), help_text=_("PDF, pictures, DOCX or XLSX, 20 MB at most."))


class RoomTermsForm(forms.Form):
    """The acceptance of the words of confidentiality, in the version that was shown."""

    version = forms.CharField(initial=TERMS, widget=forms.HiddenInput)
    accepted = forms.BooleanField(
        label=_("We accept these words for our organisation."),
        error_messages={"required": _("Accept the words of confidentiality first.")},
    )


class WithdrawalForm(forms.Form):
    """Why a document is withdrawn; its readers see it."""

    reason = forms.CharField(label=_("why it is withdrawn"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
