"""Many steps of a migration taken at once."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class AtOnce(Operation):
    """Do what these operations do, with the models rendered once before and once after.

    Django renders every model that is connected with a changed one after each operation, and ours are all connected:
    ninety tables took as many times as long as one. A model created here is created whole, with what later operations
    add to it; no other operation may need the models as another one left them.
    """

    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)
        created = {each.name_lower for each in operations if isinstance(each, CreateModel)}
        self.in_database = [each for each in operations if getattr(each, "model_name_lower", "") not in created]

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.operations], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        was_rendered = state.__dict__.pop("apps", None) is not None
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        if was_rendered:
            state.apps  # noqa: B018  (rendered by being asked for)
            state.is_delayed = False  # nothing is: the next RunPython need not render all once more

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for operation in self.in_database:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for operation in reversed(self.in_database):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{len(self.operations)} steps at once"
