"""The edit form of a draft as one thing: text and three tables, shown, read, and written into a version."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.forms import wrong_rows
from marketplace.core.identifiers import normalise_patent
from marketplace.outcomes.co_owners import organisations_named
from marketplace.outcomes.completeness import PATENT_DIGITS, WHOLE, right_sentence, share_sentence, wrong_rights
from marketplace.outcomes.forms import HolderFormSet, InventorFormSet, OutcomeForm, RightFormSet
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner, Inventor, IPRight

ROWS = {  # what a row of each table is called, in the order of the page
    "inventors": gettext_lazy("Person"),
    "ip_rights": gettext_lazy("Right"),
    "co_owners": pgettext_lazy("right", "Holder"),
}
RIGHT = ("kind", "number", "title")


class Editing:
    """The forms of one draft. `data` is None where the draft is only shown.

    `field` is a technical field the person picked on another page (its key as sent): shown as chosen, not yet saved.
    """

    def __init__(self, version: ResearchOutcome, data: QueryDict | None = None, *, field: str = "") -> None:
        self.version = version
        self.text = OutcomeForm(data, initial=OutcomeForm.initial_of(version) | _picked(field))
        # a bound table has no initial rows: a row equal to what autosave has kept would count as untouched, and go
        shown = data is None
        self.rights = RightFormSet(data, prefix="ip_rights", initial=self._rights() if shown else None)
        self.holders = HolderFormSet(data, prefix="co_owners", initial=self._holders() if shown else None)
        self.inventors = InventorFormSet(data, prefix="inventors", initial=self._inventors() if shown else None)
        self.undeclared = ""
        self.missing: list[tuple[str, str]] = []  # (anchor, sentence) of what a review still needs

    def _rights(self) -> list[dict[str, Any]]:
        return [{"kind": r.kind, "number": r.number, "title": r.title} for r in self.version.ip_rights.all()]

    def _inventors(self) -> list[dict[str, Any]]:
        return [{"name": each.name} for each in self.version.inventors.all()]

    def _holders(self) -> list[dict[str, Any]]:
        rows = [
            {"name": row.name, "share": row.share, "has_consented": row.has_consented}
            for row in self.version.co_owners.all()
        ]
        return rows or [{"name": self.version.owner.name, "share": Decimal(100), "has_consented": True}]

    @property
    def tables(self) -> dict[str, BaseFormSet]:
        return {"ip_rights": self.rights, "co_owners": self.holders, "inventors": self.inventors}

    @cached_property
    def is_valid(self) -> bool:
        """Tell whether everything typed can be kept as it stands."""
        return all([self.text.is_valid(), *(table.is_valid() for table in self.tables.values())])

    def write(self) -> ResearchOutcome:
        """Put what is well-formed into the version (unsaved); what is not stays as it was."""
        self.text.is_valid()
        version, cleaned = self.version, self.text.cleaned_data
        for name in OutcomeForm.PLAIN:
            if name in cleaned:
                setattr(version, name, cleaned[name])
        if "field" in cleaned:
            version.field = TechnicalField.objects.filter(pk=cleaned["field"]).first()
        if "industries" in cleaned:
            version.industries = list(Industry.objects.filter(pk__in=cleaned["industries"]))
        if self.rights.is_valid():
            version.ip_rights.set([self._right(row) for row in _filled(self.rights, *RIGHT)])
        if self.holders.is_valid():
            version.co_owners.set(self._held_by(_filled(self.holders, "name", "share")))
        if self.inventors.is_valid():
            version.inventors.set([Inventor(name=row["name"]) for row in _filled(self.inventors, "name")])
        return version

    def _right(self, row: dict[str, Any]) -> IPRight:
        number = normalise_patent(row["number"]) if row["kind"] in PATENT_DIGITS else row["number"].strip()
        return IPRight(kind=row["kind"], number=number[:40], title=row["title"])

    def _held_by(self, rows: list[dict[str, Any]]) -> list[CoOwner]:
        """Return the holders, each with its organisation: as known under that name before, else by that very name."""
        owner = self.version.owner
        known = {row.name: row.organisation_id for row in self.version.co_owners.all() if row.organisation_id}
        known[owner.name] = owner.pk
        names = {row["name"].strip() for row in rows}
        found = organisations_named(names - known.keys())
        keys = known | {name: organisation.pk for name, organisation in found.items()}
        return [self._holder(row, keys.get(row["name"].strip())) for row in rows]

    def _holder(self, row: dict[str, Any], organisation: int | None) -> CoOwner:
        return CoOwner(
            name=row["name"].strip(),
            share=row["share"] or Decimal(0),
            organisation_id=organisation,
            has_consented=organisation == self.version.owner_id or row["has_consented"],
        )

    @cached_property
    def held(self) -> list[Decimal]:
        """Return the shares as they stand in the form or in the version."""
        if self.holders.is_bound and self.holders.is_valid():
            return [row["share"] for row in _filled(self.holders, "name", "share") if row["share"]]
        return [row["share"] for row in self._holders()]

    @property
    def total_share(self) -> str:
        return f"{sum(self.held, Decimal(0)).normalize():f}"

    @property
    def share_note(self) -> str:
        total = sum(self.held, Decimal(0))
        return "" if total == WHOLE else share_sentence(total)

    @property
    def shares(self) -> list[dict[str, str]]:
        """Return the parts of the bar: where each begins, how wide it is, in two greens."""
        parts, x = [], Decimal(0)
        for place, share in enumerate(self.held):
            width = min(share, WHOLE - x)
            parts.append({"x": str(x), "width": str(width), "tone": "w" if place % 2 else "v"})
            x += width
        return parts

    def ask_to_declare(self, sentence: str) -> None:
        """Say beside the declaration that it is missing."""
        self.undeclared = sentence
        self.missing.append(("declared", sentence))

    def show(self, problems: dict[str, list[str]]) -> None:
        """Put what a review still needs beside its fields, and all that is wrong into one list with links."""
        self.missing += [
            (self._anchor(field), f"{self.text.fields[field].label}{_(': ')}{sentence}")
            for field, sentences in self.text.errors.items()
            for sentence in sentences
        ]
        self.missing += self.wrong_rows
        unread = {*self.text.errors, *self._wrong_tables()}  # what a review needs of them is not known yet
        rows = self._show_rights() if "ip_rights" in problems.keys() - unread else {}
        for field in [field for field in problems if field not in unread]:
            for sentence in problems[field]:
                self.missing.append((rows.get(sentence) or self._anchor(field), sentence))
                if field in self.text.fields:
                    self.text.errors.setdefault(field, self.text.error_class()).append(sentence)
                elif field in self.tables and sentence not in rows:
                    self.tables[field].non_form_errors().append(sentence)

    @property
    def wrong_rows(self) -> list[tuple[str, str]]:
        """Return (anchor, sentence) of all that is wrong in the tables, in the order of the page."""
        return [each for name, label in ROWS.items() for each in wrong_rows(self.tables[name], label)]

    def _wrong_tables(self) -> list[str]:
        return [name for name, table in self.tables.items() if table.is_bound and not table.is_valid()]

    def _show_rights(self) -> dict[str, str]:
        """Say beside each wrong right what is wrong with it; return {sentence of the list: anchor of the field}."""
        table, anchors = self.rights, {}
        forms = _filled_forms(table, *RIGHT) if table.is_bound else table.forms
        for place, sentence in wrong_rights(self.version).items():
            form = forms[place - 1]
            name = "number" if self.version.ip_rights.all()[place - 1].kind else "kind"
            form.errors.setdefault(name, form.error_class()).append(sentence)
            anchors[right_sentence(place, sentence)] = form[name].id_for_label
        return anchors

    def _anchor(self, field: str) -> str:
        if field in self.tables:
            return f"{field}-title"
        return "form" if field == NON_FIELD_ERRORS else f"id_{field}"


def _picked(field: str) -> dict[str, int]:
    """Return the form's initial value for a field picked elsewhere; nothing for what is no field."""
    known = field.isascii() and field.isdecimal() and len(field) < 19
    return {"field": int(field)} if known and TechnicalField.objects.filter(pk=field).exists() else {}


def _filled(table: BaseFormSet, *names: str) -> list[dict[str, Any]]:
    """Return the rows in which something was typed and that were not taken away."""
    return [form.cleaned_data for form in _filled_forms(table, *names)]


def _filled_forms(table: BaseFormSet, *names: str) -> list[Any]:
    rows = [(form, form.cleaned_data) for form in table.forms]
    return [form for form, row in rows if not row.get("DELETE") and any(row.get(name) for name in names)]
