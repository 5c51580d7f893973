"""Form fields of the trade: amounts of money, credit codes, patent numbers; forms of drafts."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marketplace.core import files, money
from marketplace.core.identifiers import normalise, normalise_patent, validate_patent, validate_uscc
from marketplace.core.languages import paragraph
from marketplace.core.refusals import Refused, Several

FEN_PER = {unit: factor * money.FEN_PER_YUAN for unit, factor in money.UNITS.items()}


def put_beside(form: forms.BaseForm, refusal: Exception) -> None:
    """Show why an action refused, each reason: beside the field the refusal names, else above the form."""
    for reason in refusal.reasons if isinstance(refusal, Several) else [refusal]:
        field = getattr(reason, "field", None)
        form.add_error(field if field in form.fields else None, str(reason))


def told_by_content(upload: UploadedFile) -> None:
    """Validate a document that is handed in by its content: the form then tells it beside all else that is wrong."""
    try:
        files.sniff(upload)
    except Refused as refusal:
        raise ValidationError(f"{upload.name}{_(': ')}{refusal}") from refusal


def colon_after(label: Any) -> str:
    """Return what stands between a label and what is said of it: no colon where the label is a sentence of its own."""
    words = str(label).rstrip()
    if words.endswith(("？", "。", "！")):
        return ""
    return " " if words.endswith(("?", ".", "!")) else _(": ")


class PickMany(forms.CheckboxSelectMultiple):
    """Check boxes for a long list of grouped choices: the chosen ones on top, the rest folded by group."""


def unsaved(*written: forms.BaseForm | forms.BaseFormSet) -> dict[str, Any]:
    """Return what could not be kept as typed, for autosave.js: {problems: {input: why}, unsaved: in words}."""
    problems, said = {}, []
    for form in (form for each in written for form in _kept(each)):
        for name, errors in form.errors.items():
            why = paragraph(errors)
            label = form.fields[name].label or form[name].label if name in form.fields else ""
            said.append(f"{label}{colon_after(label)}{why}" if label else why)
            problems[form.add_prefix(name)] = why
    tables = (each for each in written if isinstance(each, forms.BaseFormSet))
    said += [str(error) for table in tables for error in table.non_form_errors()]
    sentences = [*(each.rstrip(".。") for each in said[:-1]), *said[-1:]]
    return {"problems": problems, "unsaved": _("; ").join(sentences)}


def wrong_rows(table: forms.BaseFormSet, label: Any) -> list[tuple[str, str]]:
    """Return what is wrong in a table as (anchor on the page, sentence); `label` is what one of its rows is called."""
    top = f"{table.prefix}-title"  # of components/formset.html
    wrong = [(top, str(error)) for error in table.non_form_errors()]
    kept = _kept(table)
    for number, row in enumerate(table.forms, start=1):
        for name, errors in row.errors.items() if row in kept else ():
            field = row[name] if name in row.fields else None
            place = f"{label} {number}{_(', ')}{field.label}" if field else f"{label} {number}"
            wrong += [(field.id_for_label if field else top, f"{place}{colon_after(place)}{error}") for error in errors]
    return wrong


def _kept(written: forms.BaseForm | forms.BaseFormSet) -> list[forms.BaseForm]:
    """Return the forms whose contents are to stay: rows of a table that were taken out are not among them."""
    if not isinstance(written, forms.BaseFormSet):
        return [written]
    return [form for form in written.forms if not getattr(form, "cleaned_data", {}).get(DELETION_FIELD_NAME)]


class Drafted(forms.BaseForm):
    """Mixin of a form whose NEEDED fields are not marked optional, though a draft may be saved without them."""

    NEEDED: tuple[str, ...] = ()
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._mark(is_needed=True)

    def full_clean(self) -> None:
        self._mark(is_needed=False)
        super().full_clean()
        self._mark(is_needed=True)

    def _mark(self, *, is_needed: bool) -> None:
        for name in self.NEEDED:
            self.fields[name].required = is_needed


class MoneyField(forms.CharField):
    """An amount typed as people write it ("220", "2,200,000 元", "1.5亿"), cleaned to integer fen.

    `unit` holds where the typed text names none, and is the unit the initial amount is shown in.
    `least` and `most` are bounds in fen. An empty optional field cleans to None.
    """

    def __init__(self, *, unit: str = "万元", least: int | None = None, most: int | None = None, **kwargs: Any) -> None:
        self.unit, self.least, self.most = unit, least, most
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")

    @property
    def unit_label(self) -> str:
        """Return the unit in the reader's language, to stand beside the input."""
        return str(money.UNIT_LABELS[self.unit])

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            return money.parse(text, unit=self.unit)
        except money.BadAmount as error:
            raise ValidationError(str(error), code="amount") from error

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.least is not None and value < self.least:
            raise ValidationError(
                _("The amount is at least %(least)s."), code="least", params={"least": self._show(self.least)}
            )
        if self.most is not None and value > self.most:
            raise ValidationError(
                _("The amount is at most %(most)s."), code="most", params={"most": self._show(self.most)}
            )

    def run_validators(self, value: Any) -> None:
        """Leave out the text validators of CharField: the value is a number by now."""

    def prepare_value(self, value: Any) -> Any:
        return self._plain(value) if isinstance(value, int) else value

    def _plain(self, fen: int) -> str:
        return f"{(Decimal(fen) / FEN_PER[self.unit]).normalize():f}"

    def _show(self, fen: int) -> str:
        return money.format_money(fen, get_language() or "zh-hans")


class PercentField(forms.DecimalField):
    """A per cent with at most two decimals, above 0 where nothing else is said; beyond 100 nothing is meant."""

    default_error_messages = {"max_decimal_places": gettext_lazy("A per cent has at most 2 decimals.")}

    def __init__(self, **kwargs: Any) -> None:
        bounds = {"min_value": Decimal("0.01"), "max_value": Decimal(100)}
        super().__init__(decimal_places=2, **(bounds | kwargs))  # the bounds say how many digits stand before the point
        self.widget.attrs |= {"inputmode": "decimal", "step": "0.01"}


class UsccField(forms.CharField):
    """A unified social credit code, cleaned to half width and upper case; says what is wrong with it."""

    default_validators = [validate_uscc]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("unified social credit code"))
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}

    def to_python(self, value: Any) -> str:
        return normalise(super().to_python(value) or "")


class PatentField(forms.CharField):
    """A Chinese patent or application number, cleaned to its printed form; says what is wrong with it."""

    default_validators = [validate_patent]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("patent number"))
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}

    def to_python(self, value: Any) -> str:
        return normalise_patent(super().to_python(value) or "")
