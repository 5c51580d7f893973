"""How every form of the portal writes its fields: classes, descriptions and errors as the design wants them.

`FORM_RENDERER` points at PortalRenderer, so `{{ form }}`, `{{ form.as_div }}`, `{{ field.as_field_group }}` and
components/field.html give the same markup without a word in the form classes.
Forms of Wagtail's admin stay as they are.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.text import capfirst

from marketplace.core.forms import PickMany

PLAIN = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect, forms.FileInput, forms.HiddenInput)
CHOICES = (forms.CheckboxSelectMultiple, forms.RadioSelect)


class FieldMarkup(BoundField):
    """A bound field whose widget carries the classes of the design."""

    def __init__(self, form: Any, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        self.is_ours = not type(form).__module__.startswith("wagtail")
        # forms that Wagtail makes of a model bear Django's module; its pages do not load our scripts
        self.is_on_our_pages = not any(base.__module__.startswith("wagtail.") for base in type(form).__mro__)
        if self.is_ours and isinstance(self.label, Promise):  # our own words; what people wrote stays as it is
            self.label = capfirst(self.label)
        # allauth's forms say the label again inside the box, where it vanishes with the first letter
        self.repeats_labels = any(base.__module__.startswith("allauth.") for base in type(form).__mro__)
        if self.is_ours and isinstance(field.widget, PickMany):
            field.widget.template_name = "components/widgets/pick_many.html"
        elif self.is_ours and isinstance(field.widget, CHOICES):
            field.widget.template_name = "components/widgets/choices.html"
        elif self.is_ours and isinstance(field.widget, forms.FileInput):
            field.widget.template_name = "components/widgets/file.html"
        elif self.is_on_our_pages and isinstance(field.widget, forms.Select):
            field.widget.option_template_name = "components/widgets/option.html"

    @property
    def is_file_lost(self) -> bool:
        """Tell whether a file was sent that the page, shown again, cannot hold: no browser lets it.

        A form that is drawn after it was sent is shown again, be the error its own or that of a form beside it.
        """
        return bool(self.form.is_bound and self.form.files.get(self.html_name))

    @property
    def aria_describedby(self) -> str | None:
        """Name what is said below the field also where it is no error: that the file has to be chosen again."""
        described: str | None = super().aria_describedby
        if described is None or self.errors or not self.is_file_lost:
            return described
        return f"{described} {self.auto_id}_error".strip()

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add the class `input` to boxes, and what the description and the error are called.

        No browser cuts what is too long, which it does without a word: count.js tells of it, and the field refuses it.
        """
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if self.is_ours and not isinstance(widget, PLAIN):
            own = widget.attrs.get("class", "")
            attrs["class"] = own if "input" in own.split() else f"input {own}".strip()
        if self.is_on_our_pages and "maxlength" in widget.attrs:
            attrs |= {"data-longest": widget.attrs["maxlength"], "maxlength": False}
        if self.repeats_labels and "placeholder" in widget.attrs:
            attrs["placeholder"] = False
        return attrs


class PortalRenderer(TemplatesSetting):
    """Render forms with the components of cms/templates."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = FieldMarkup
