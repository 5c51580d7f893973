"""Anticipated answers of "no": types with a sentence the reader can act on."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.languages import paragraph


class Refused(Exception):
    """An anticipated "no", safe to show to the person who asked.

    Subclasses set `message`, a translated sentence with named placeholders filled from `details`,
    and may set `field`, the name of the form field the sentence belongs beside.
    """

    message: Any = _("This cannot be done now.")
    field: str | None = None

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(details)

    def __str__(self) -> str:
        """Return the sentence in the reader's language (translated when shown, not when raised)."""
        return str(self.message % self.details)

    @property
    def code(self) -> str:
        """Return a stable machine name for this refusal, for API error bodies."""
        return type(self).__name__


class WrongState(Refused):
    """The record is not in a state from which this step leads on."""

    message = _("This is not possible while the state is “%(state)s”.")


class Several(Refused):
    """More than one reason at once, for forms: `put_beside` shows each beside its field. It has no field of its own."""

    def __init__(self, reasons: list[Refused]) -> None:
        super().__init__()
        self.reasons = reasons

    def __str__(self) -> str:
        return paragraph(self.reasons)

    @property
    def code(self) -> str:
        return self.reasons[0].code


def refuse(*reasons: Refused | None) -> None:
    """Raise what stands against something: the only reason as it is, more of them as Several; None is no reason."""
    found = [reason for reason in reasons if reason is not None]
    if len(found) == 1:
        raise found[0]
    if found:
        raise Several(found)
