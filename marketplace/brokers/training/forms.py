"""Form of a course."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.brokers.forms import day_input
from marketplace.brokers.training.actions import CourseProofMissing
from marketplace.brokers.training.models import TrainingRecord
from marketplace.publicity.forms import EvidenceField


class TrainingForm(forms.ModelForm):
    proof = EvidenceField(
        label=pgettext_lazy("document", "proof"),
        help_text=_("PDF, pictures, DOCX or XLSX, 20 MB each."),
        error_messages={"required": CourseProofMissing.message},
    )

    class Meta:
        model = TrainingRecord
        fields = ("held_on", "hours", "course", "provider")
        widgets = {"held_on": day_input()}
