"""State machines: a dict of edges on the model, and one method that takes an edge or refuses."""

from typing import ClassVar

from django.db import models

from marketplace.core.refusals import WrongState


class Locked(models.Model):
    """A record that an action can hold for the length of its transaction."""

    class Meta:
        abstract = True

    def lock(self) -> None:
        """Hold this row until the transaction ends, and read it afresh."""
        self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update())


class Stateful(Locked):
    """A record that moves through states along the edges its class lists in NEXT."""

    State: ClassVar[type[models.TextChoices]]
    NEXT: ClassVar[dict[str, set[str]]] = {}
    state: models.CharField

    class Meta:
        abstract = True

    @property
    def state_label(self) -> str:
        """Return what get_state_display does, in a tenth of the time: lists say it in every row."""
        return str(self.State(self.state).label)

    def refusal_to_move(self, state: str) -> WrongState | None:
        """Return what move_to would raise now, for pages that say it beforehand."""
        if state in self.NEXT.get(self.state, ()):
            return None
        return WrongState(thing=self, state=self.State(self.state).label)

    def move_to(self, state: str) -> None:
        """Take one edge, or refuse. The caller holds the lock and saves."""
        if refusal := self.refusal_to_move(state):
            raise refusal
        self.state = state
