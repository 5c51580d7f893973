"""The form in which staff enter an objection that came on paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.organisations.models import User
from marketplace.publicity.forms import LetterField
from marketplace.publicity.grounds import grounds_of
from marketplace.publicity.letters import NowhereToReply, Unsigned
from marketplace.publicity.models import Objection, Publicity
from marketplace.publicity.on_paper import LONGEST_REASON
from marketplace.publicity.taking_back import open_to, standing_letters


def _mistake() -> forms.CharField:
    return forms.CharField(
        label=_("what was wrong with the entry"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever wrote the letter is mailed this, and those who answer read it beside the entry."),
    )


OF_A_LETTER = ("signed_by", "signed_for", "reply_email", "reply_contact", "received_on", "ground", "text")


class LetterForm(forms.Form):
    """Who objects, when the letter came, and what it says; entered anew, with what the first entry holds."""

    signed_by = forms.CharField(
        label=_("person who signed"),
        max_length=80,
        required=False,
        help_text=_("As on the letter. Where it bears a seal only, leave this empty and name the organisation."),
    )
    signed_for = forms.CharField(
        label=_("organisation"),
        max_length=120,
        required=False,
        help_text=_("For which the person signed, or whose seal the letter bears."),
    )
    reply_email = forms.EmailField(
        label=_("e-mail address"),
        required=False,
        help_text=_("As on the letter. There the platform confirms the entry and sends the answer."),
    )
    reply_contact = forms.CharField(
        label=_("phone or postal address"),
        max_length=200,
        required=False,
        help_text=_("Needed where the letter names no e-mail address: staff then pass the answer on."),
    )
    received_on = forms.DateField(
        label=_("day of receipt"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("By the date stamp or the postal delivery. This day decides whether the objection is in time."),
    )
    ground = forms.ChoiceField(label=_("ground"))
    text = forms.CharField(
        label=_("what the letter objects to"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("In the words of the letter; shorten only what is beside the point."),
    )
    letter = LetterField(
        label=_("scanned letter"),
        help_text=_("The letter and what came with it, each page legible: PDF, PNG or JPG, 20 MB each."),
    )

    def __init__(self, *args: Any, publicity: Publicity, instead_of: Objection | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [("", "———"), *grounds_of(publicity)]  # type: ignore[attr-defined]
        if instead_of is not None:
            self.initial = {name: getattr(instead_of, name) for name in OF_A_LETTER}
            self.fields["letter"].required = False
            self.fields["letter"].help_text = _(
                "Empty, the pages of the first entry stay. PDF, PNG or JPG, 20 MB each."
            )
            self.fields["mistake"] = _mistake()
        last = min(clock.today(), publicity.ends_on)
        self.fields["received_on"].widget.attrs |= {
            "min": publicity.begins_on.isoformat(),
            "max": last.isoformat(),
        }
        for name in ("signed_by", "signed_for", "reply_email", "reply_contact"):
            self.fields[name].is_asked_of_some = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Tell at once who is missing: files that were chosen are lost with each page that comes back."""
        cleaned = super().clean() or {}
        for names, refusal in (("signed_by signed_for", Unsigned()), ("reply_email reply_contact", NowhereToReply())):
            if not any(cleaned.get(name) or name in self.errors for name in names.split()):
                put_beside(self, refusal)
        return cleaned


class TakeBackForm(forms.Form):
    """Why an entry is taken back, and under which number the letter stands where it was entered twice."""

    mistake = _mistake()
    stands_as = forms.ModelChoiceField(
        label=_("the letter stands as"),
        queryset=Objection.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("It is not entered elsewhere"),
        help_text=_("Where it was entered twice: the entry that stays. The mail to its sender names this number."),
    )

    def __init__(self, *args: Any, objection: Objection, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stands_as"]
        field.queryset = standing_letters(objection, by=by)  # type: ignore[attr-defined]
        field.label_from_instance = _in_words  # type: ignore[attr-defined]


def _in_words(letter: Objection) -> str:
    return f"{letter.code} · {letter.signature} · {letter.publicity}"


class ElsewhereForm(forms.Form):
    """The publicity to which the letter objects."""

    to = forms.ChoiceField(label=_("the letter objects to"))

    def __init__(self, *args: Any, objection: Objection, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"to": objection.publicity.code}
        self.fields["to"].choices = [(one.code, str(one)) for one in open_to(objection, by=by)]  # type: ignore[attr-defined]
