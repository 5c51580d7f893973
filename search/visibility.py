"""Who may find what: the filter that no question can be asked without."""

from collections.abc import Iterable
from dataclasses import dataclass

from search.filters import EVERYTHING, And, Filter, In

PUBLIC = "public"
FIELD = "visibility"


@dataclass(frozen=True, slots=True)
class Visibility:
    """The part of the index one reader may find; made only by the constructors below."""

    where: Filter

    def __post_init__(self) -> None:
        if not isinstance(self.where, Filter):
            raise TypeError("A visibility is made of a filter.")

    @classmethod
    def public(cls) -> "Visibility":
        """What everybody may find."""
        return cls.of([PUBLIC])

    @classmethod
    def of(cls, keys: Iterable[str]) -> "Visibility":
        """Documents that carry at least one of these keys in their `visibility`; no keys, no documents."""
        return cls(In(FIELD, tuple(keys)))

    @classmethod
    def unrestricted(cls, *, reason: str) -> "Visibility":
        """Everything, for the machine's own work (matching, counting); the reason is for whoever greps for this."""
        if not reason:
            raise ValueError("Say why nobody's view limits this question.")
        return cls(EVERYTHING)

    def only(self, where: Filter) -> "Visibility":
        """A narrower view."""
        return Visibility(And(self.where, where))
