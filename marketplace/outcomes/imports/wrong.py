"""What a cell that cannot be read raises."""


class WrongCell(ValueError):
    """The cell cannot be read; `suggestion` is a text that could, where one is near."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.suggestion = suggestion
