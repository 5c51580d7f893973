"""Public identifiers: random 12-character codes that stand in URL, API and QR instead of primary keys."""

import secrets
from typing import Any

from django.db import models

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12


def new_code() -> str:
    """Return 12 random characters without look-alikes (no 0 O 1 I L): about 59 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class CodeField(models.CharField):
    """A unique random code, made once, never edited."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_length": LENGTH, "unique": True, "default": new_code, "editable": False}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "unique", "default", "editable"):
            kwargs.pop(key, None)
        return name, path, args, kwargs
