"""What staff keep: a record that its own model finds wrong is refused in words, and a rule rewritten while it holds."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core import clock
from marketplace.core.languages import paragraph
from marketplace.core.refusals import Refused


class NotInOrder(Refused):
    """A record that does not pass its own model, with every reason; beside the field where it is one field's fault."""

    def __init__(self, record: models.Model, error: ValidationError) -> None:
        super().__init__()
        self.record, self.error = record, error
        fields = list(error.error_dict)
        self.field = fields[0] if len(fields) == 1 and fields[0] != NON_FIELD_ERRORS else None

    def __str__(self) -> str:
        """Return the reasons, each under the name of its field where several fields are wrong."""
        return paragraph(self._said(name, paragraph(why)) for name, why in self.error.message_dict.items())

    def _said(self, name: str, why: str) -> str:
        if self.field or name == NON_FIELD_ERRORS:
            return why
        label: Any = self.record._meta.get_field(name)
        return _("%(label)s: %(problem)s") % {"label": label.verbose_name, "problem": why}


class HoldsAlready(Refused):
    message = gettext_lazy(
        "What a rule lays down is not rewritten once it holds: decisions hang on it. "
        "Add a new rule, from the same day where this one was entered wrongly."
    )


def require_in_order(record: models.Model) -> None:
    """Raise NotInOrder where a record does not pass its own model; its clean() has emptied what it has no use for."""
    try:
        record.full_clean()
    except ValidationError as error:
        raise NotInOrder(record, error) from error


def require_not_rewritten(rule: Any, *, lays_down: Sequence[str]) -> None:
    """Raise HoldsAlready where a rule whose day has come would lay down something else than it did.

    Holds the row until the transaction ends. Words about a rule (its source, that it was checked) may be put right.
    """
    kept = type(rule)._default_manager.select_for_update().filter(pk=rule.pk).first()
    if kept is None or kept.holds_from > clock.today():
        return
    for name in lays_down:
        if getattr(rule, name) != getattr(kept, name):
            refusal = HoldsAlready()
            refusal.field = name
            raise refusal
