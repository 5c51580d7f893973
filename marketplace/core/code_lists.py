"""Code lists that staff keep: an entry holds from a day, and some until one.

National forms and schemes give these lists, not the law, and no text of them was at hand (domain.md §4.2, §4.7 and §4.9
mark them [CK]): so they are rows with their source, not code. A process remembers the lists for a second at most, and
reads them anew when a request begins (cms/middleware.py).
"""

import re
import time
from datetime import date
from functools import partialmethod
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from marketplace.core import clock
from marketplace.core.languages import worded


class CodeList(models.TextChoices):
    PAYMENT = "payment", _("payment of contracts")
    IP_KIND = "ip_kind", _("intellectual property of contracts")
    OBJECTIVE = "objective", _("socio-economic objectives")
    PLAN_SOURCE = "plan_source", _("sources of projects")
    BROKER_LEVEL = "broker_level", _("levels of brokers")
    DISTRICT = "district", _("code of the district")


ROYALTY, NO_PROGRAMME = "royalty", "none"
# what the programme itself decides by or begins with: it may be worded anew, not ended; nor does the district's code
DECIDES = {(CodeList.PAYMENT, ROYALTY), (CodeList.PLAN_SOURCE, NO_PROGRAMME)}


class CodeRule(models.Model):
    """One entry of a list; of several with the same code the newest that has begun counts.

    A district has one code at a time: of its list the newest counts that has begun, whatever its code (regions.py).
    """

    LAYS_DOWN = ("code_list", "code", "name", "holds_from")

    code_list = models.CharField(_("list"), max_length=20, choices=CodeList.choices)
    code = models.CharField(
        _("code"),
        max_length=20,
        validators=[RegexValidator(r"^[a-z0-9_.-]+\Z", _("Small letters, digits, and - _ . between them."))],
        help_text=_(
            "Records keep it and exchange goes by it; the same code from a later day words the entry anew. "
            "Of the district, a new code takes the place of the one before from its day."
        ),
    )
    name = models.CharField(
        _("name"),
        max_length=60,
        help_text=_("Not rewritten once the entry holds: add the code again from a later day, and that row counts."),
    )
    name_en = models.CharField(_("English name"), max_length=90, blank=True)
    part_of = models.CharField(
        _("part of"), max_length=20, blank=True, help_text=_("The code of another entry of this list, for a tree.")
    )
    place = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    holds_from = models.DateField(_("holds from"))
    holds_until = models.DateField(
        _("holds until"), null=True, blank=True, help_text=_("The last day on which it can be chosen.")
    )
    source = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source, in English"), max_length=200, blank=True)
    is_checked = models.BooleanField(_("checked against the text"), default=False)

    class Meta:
        verbose_name = _("entry of a code list")
        verbose_name_plural = _("entries of code lists")
        ordering = ["code_list", "place", "code", "-holds_from"]
        constraints = [
            models.CheckConstraint(
                name="coderule_ends_after_it_begins",
                condition=Q(holds_until=None) | Q(holds_until__gte=F("holds_from")),
            ),
        ]

    def __str__(self) -> str:
        return worded(self, "name")

    @property
    def called(self) -> str:
        """Return the source in the reader's language."""
        return worded(self, "source")

    @property
    def is_districts(self) -> bool:
        return self.code_list == CodeList.DISTRICT

    @property
    def standing(self) -> str:
        """Return in one word how the row stands today: another row may have taken its place."""
        today = clock.today()
        if self.holds_from > today:
            return pgettext("entry", "not yet")
        begun = (row for row in rows_of(self.code_list) if row.holds_from <= today)
        same = (row for row in begun if row.code == self.code or self.is_districts)
        newest = next(same, self)  # itself, where it was saved since the lists were read
        if newest.pk != self.pk:
            return pgettext("entry", "replaced")
        is_over = self.holds_until is not None and self.holds_until < today
        return pgettext("entry", "ended") if is_over else pgettext("entry", "in force")

    def clean(self) -> None:
        """Say beside the field what does not fit the list."""
        twin = CodeRule.objects.filter(code_list=self.code_list, code=self.code, holds_from=self.holds_from)
        if twin.filter(name=self.name, name_en=self.name_en).exclude(pk=self.pk).exists():
            raise ValidationError(
                {"code": _("The list has this entry already, from the same day and by the same name.")}
            )
        if self.holds_until is not None and self.is_districts and self.holds_from and self.holds_from > clock.today():
            said = _(
                "The code of the district does not end. This entry has not begun: its code, name and day can still be "
                "put right, and with the code and name that hold today it changes nothing."
            )
            raise ValidationError({"holds_until": said})
        if self.holds_until is not None and (self.is_districts or (self.code_list, self.code) in DECIDES):
            raise ValidationError({"holds_until": _("The platform itself decides by this entry: it does not end.")})
        if self.holds_until is not None and self.holds_from and self.holds_until < self.holds_from:
            raise ValidationError({"holds_until": _("The end lies before the beginning.")})
        if self.is_districts and not re.fullmatch(r"[0-9]{6}", self.code):
            raise ValidationError({"code": _("A region code has six digits, such as 330304.")})
        if self.part_of and not self._fits(self.part_of):
            raise ValidationError({"part_of": _("This list has no entry of the first level with this code.")})

    def _fits(self, parent: str) -> bool:
        found = CodeRule.objects.filter(code_list=self.code_list, code=parent, part_of="")
        is_parent = CodeRule.objects.filter(code_list=self.code_list, part_of=self.code).exists()
        return parent != self.code and found.exists() and not is_parent


_kept: dict[str, Any] = {}
SECONDS = 1.0


def forget() -> None:
    """Have the lists read anew."""
    _kept.clear()


def _rows() -> dict[str, list[CodeRule]]:
    """Return {list: its rows}, of each code the newest first."""
    found, at = _kept.get("rows", (None, 0.0))
    if found is None or not 0 <= time.monotonic() - at < SECONDS:
        found = {}
        for row in CodeRule.objects.order_by("-holds_from", "-pk"):
            found.setdefault(row.code_list, []).append(row)
        _kept["rows"] = (found, time.monotonic())
    return found


def rows_of(code_list: str) -> list[CodeRule]:
    """Return every row of a list, the newest first; of one day that which was entered last."""
    return _rows().get(code_list, [])


def holding(code_list: str, on: date) -> list[CodeRule]:
    """Return the entries that can be chosen on a day, in the order of the list."""
    newest: dict[str, CodeRule] = {}
    for row in rows_of(code_list):
        if row.holds_from <= on:
            newest.setdefault(row.code, row)
    held = [row for row in newest.values() if row.holds_until is None or on <= row.holds_until]
    return sorted(held, key=lambda row: (row.place, row.code))


def holds(code_list: str, code: str, on: date) -> bool:
    """Tell whether a code can be chosen on a day."""
    return any(row.code == code for row in holding(code_list, on))


def name_of(code_list: str, code: str) -> str:
    """Return how an entry is called today, also one that ended; the code itself where the list has none such."""
    rows = [row for row in rows_of(code_list) if row.code == code]
    begun = (row for row in rows if row.holds_from <= clock.today())
    return str(next(begun, rows[-1] if rows else code))


def offered(code_list: str, on: date, *, kept: str = "") -> list[tuple[Any, Any]]:
    """Return what a form offers on a day, branches as groups that begin with themselves; and the code already kept."""
    held = holding(code_list, on)
    branches: dict[str, list[tuple[str, str]]] = {}
    for row in held:
        branches.setdefault(row.part_of or row.code, []).append((row.code, str(row)))
    choices: list[tuple[Any, Any]] = []
    for code, nodes in branches.items():
        nodes.sort(key=lambda node: node[0] != code)
        choices += [(name_of(code_list, code), nodes)] if len(nodes) > 1 else nodes
    if kept and all(row.code != kept for row in held):
        choices.append((kept, _("%(name)s (no longer on the list)") % {"name": name_of(code_list, kept)}))
    return choices


def all_names(code_list: str) -> list[tuple[str, str]]:
    """Return (code, name) of every entry there ever was: what holds today in its order, then what ended."""
    codes = [row.code for row in holding(code_list, clock.today())]
    codes += [row.code for row in rows_of(code_list)]
    return [(code, name_of(code_list, code)) for code in dict.fromkeys(codes)]


class ListedChoice(forms.ChoiceField):
    """A choice from a list: what holds today, and what the record has."""

    def __init__(self, *, code_list: str, empty_label: Any = "———", **kwargs: Any) -> None:
        for of_text in ("max_length", "empty_value"):
            kwargs.pop(of_text, None)
        super().__init__(**kwargs)
        self.code_list, self.empty_label = code_list, empty_label

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        kept = form.get_initial_for_field(self, field_name) or ""
        nothing = [] if self.required and kept else [("", self.empty_label)]
        self.choices = [*nothing, *offered(self.code_list, clock.today(), kept=kept)]
        return super().get_bound_field(form, field_name)


class ListedField(models.CharField):
    """A code of a list. `get_<name>_display()` names it; a form offers what holds today."""

    def __init__(self, *args: Any, code_list: str = "", **kwargs: Any) -> None:
        self.code_list = code_list
        super().__init__(*args, **{"max_length": 20, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "code_list": str(self.code_list)}

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if f"get_{name}_display" not in cls.__dict__:
            setattr(cls, f"get_{name}_display", partialmethod(_display, field=self))

    def validate(self, value: Any, model_instance: Any) -> None:
        """Refuse a code the list never had; one that ended may stay where it was chosen while it held."""
        super().validate(value, model_instance)
        if value and all(row.code != value for row in rows_of(self.code_list)):
            raise ValidationError(_("The list has no such entry."), code="invalid_choice")

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": ListedChoice, "code_list": self.code_list, **kwargs})


def _display(record: models.Model, field: ListedField) -> str:
    code = getattr(record, field.attname)
    return name_of(field.code_list, code) if code else ""
