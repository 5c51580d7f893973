"""Forms with ticks that appear with the refusal that asks for them: what is stated was asked about first."""

from typing import Any

from django import forms


class Confirming(forms.Form):
    """A form whose fields in ASKED stay hidden until an action refuses for want of one (its `field`)."""

    ASKED: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.ASKED:
            if self.data.get(self.add_prefix(name)) not in ("on", "True", "true"):
                self.fields[name].widget = forms.HiddenInput()

    def add_error(self, field: str | None, error: Any) -> None:
        """Show the tick a refusal asks for, not ticked."""
        super().add_error(field, error)
        if field in self.ASKED:
            self.fields[field].widget = forms.CheckboxInput()
