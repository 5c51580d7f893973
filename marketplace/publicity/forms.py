"""Forms of objections and their answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core import files
from marketplace.core.refusals import Refused
from marketplace.publicity.grounds import grounds_of
from marketplace.publicity.models import Publicity


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """No file where it is not required, one or more; cleans to a list of uploads."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        uploads = data if isinstance(data, list | tuple) else [data]
        if self.required and not any(uploads):
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(EvidenceField, self).clean(upload, initial) for upload in uploads if upload]


class LetterField(EvidenceField):
    """A scanned letter in one file or several, told by their content beside all else that is wrong in the form."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        pages = super().clean(data, initial)
        for page in pages:
            try:
                files.sniff(page, accepted=files.SCANS)
            except Refused as refusal:
                raise forms.ValidationError(f"{page.name}{_(': ')}{refusal}") from refusal
        return pages


class ObjectionForm(forms.Form):
    """What somebody holds against what is in publicity."""

    ground = forms.ChoiceField(label=_("ground"))
    text = forms.CharField(label=_("what you object to"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    evidence = EvidenceField(
        label=_("evidence"), required=False, help_text=_("PDF, pictures, DOCX or XLSX, 20 MB each.")
    )

    def __init__(self, *args: Any, publicity: Publicity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [("", "———"), *grounds_of(publicity)]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The reasoned answer to an objection."""

    is_upheld = forms.TypedChoiceField(
        label=_("decision"),
        choices=[("no", _("dismiss the objection")), ("yes", _("uphold it: what was published falls"))],
        coerce=lambda value: value == "yes",
    )
    answer = forms.CharField(label=_("reasons"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class ReplyForm(forms.Form):
    """What a side says to an objection."""

    text = forms.CharField(
        label=_("your reply"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Once for your side. Read by whoever reads the objection: its maker, the other side and officers."),
    )


class ExtensionForm(forms.Form):
    """A longer term."""

    working_days = forms.IntegerField(label=_("working days more"), min_value=1, max_value=60)
    reason = forms.CharField(
        label=_("why the term is longer"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody reads it."),
    )
