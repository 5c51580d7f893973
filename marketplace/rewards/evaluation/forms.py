"""Forms of evaluations."""

from django import forms
from django.utils.translation import gettext_lazy as _


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("year"), min_value=2015, max_value=2100)


class CommentForm(forms.Form):
    comment = forms.CharField(label=_("your comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))


class FinishForm(forms.Form):
    answer = forms.CharField(
        label=_("answer to the comment"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
