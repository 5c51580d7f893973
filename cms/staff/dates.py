"""Dates in the admin stay as typed: Wagtail's calendar turns 30 February into 2 March when the field is left."""

from typing import Any

from django.db import models
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminDateInput


class TypedDateInput(AdminDateInput):
    """Wagtail's date with its calendar; a day that does not exist reaches the form, which refuses it."""

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "validateOnBlur": False}


def keep_dates_as_typed() -> None:
    """Give every date of the admin's forms this input."""
    register_form_field_override(models.DateField, override={"widget": TypedDateInput})
