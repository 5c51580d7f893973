"""Editable look-ups that outcomes, needs, brokers and contracts share: technical fields and industries."""

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.languages import worded


class Classified(models.Model):
    """A node of a two-level classification, known by its code, which begins with that of the node it is part of."""

    CODES: ClassVar[re.Pattern[str]]
    CODES_SAID: ClassVar[Any]

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=90, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return worded(self, "name")

    def clean(self) -> None:
        """Refuse a code of another form, or one that does not begin with that of what it is part of."""
        if not self.CODES.fullmatch(self.code):
            raise ValidationError({"code": self.CODES_SAID})
        if self.parent and (self.parent.pk == self.pk or not self.code.startswith(self.parent.code)):
            said = _("The code begins with that of what it is part of: %(code)s.")
            raise ValidationError({"code": said % {"code": self.parent.code}})

    @property
    def path(self) -> list[str]:
        """Return the codes from the first level down to this node."""
        return [self.parent.code, self.code] if self.parent else [self.code]


class TechnicalField(Classified):
    """技术领域 of the national contract system: 11 first-level fields (domain.md §4.9) and their parts."""

    CODES = re.compile(r"\d{2}|\d{4}", re.ASCII)
    CODES_SAID = _("Two digits for a field, four for a part of one, such as 03 and 0308.")

    class Meta(Classified.Meta):
        verbose_name = _("technical field")
        verbose_name_plural = _("technical fields")


class Industry(Classified):
    """国民经济行业 (GB/T 4754-2017): sections, their divisions, and the local groups below those."""

    CODES = re.compile(r"[A-Z](\d{2,4})?", re.ASCII)
    CODES_SAID = _("A letter, alone or with two to four digits, such as C, C33 and C3351.")

    class Meta(Classified.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")

    @property
    def path(self) -> list[str]:
        """Return section, division and the code itself: C, C33, C3351 (the code holds them all)."""
        return list(dict.fromkeys([self.code[:1], self.code[:3], self.code]))


def grouped(model: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return choices of a classification: under the names of the first level each of its nodes, itself before them.

    One query, however many levels there are: a form asks for two such lists.
    """
    below: dict[int | None, list[Any]] = {}
    for node in model.objects.order_by("code"):
        below.setdefault(node.parent_id, []).append(node)

    def whole(node: Any) -> list[tuple[int, str]]:
        parts = (choice for part in below.get(node.pk, ()) for choice in whole(part))
        return [(node.pk, f"{node.code} {node}"), *parts]

    return [(str(top), whole(top)) for top in below.get(None, ())]
