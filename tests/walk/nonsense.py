"""Bodies nobody sends on purpose: whatever a form asks for, it gets something that does not belong there."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test.client import ClientHandler
from django.utils.datastructures import MultiValueDict

from marketplace.organisations.acting import PAGE_FIELD

KINDS = {
    "huge": "长" * 20_000,
    "negative": "-1",
    "too big": "9" * 40,
    "no digit": "²",  # str.isdigit() says yes, int() says no
    "no number": "NaN",
    "no such day": "2026-02-30",
    "unknown": "no-such-choice",
    "one": "1",
    "markup": "<script>1</script>%s{{x}}\r\n",
}

# Hidden in every form: asked for before a view is, and no nonsense of a person's
OF_EACH_PAGE = ("csrfmiddlewaretoken", PAGE_FIELD)


class Anything(QueryDict):
    """A body in which every field is there, and holds the same thing."""

    def __init__(self, thing: str, handler: "NonsenseHandler") -> None:
        super().__init__(mutable=True)
        self.thing, self.handler = thing, handler

    def __bool__(self) -> bool:
        return True  # views say `request.POST or None`

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return True

    def _note(self, key: object) -> None:
        if key not in OF_EACH_PAGE:
            self.handler.body_read = True

    def __getitem__(self, key: str) -> str:
        self._note(key)
        return "1" if key.endswith("_FORMS") and self.thing != "no-such-choice" else self.thing

    def get(self, key: str, default: Any = None) -> Any:
        return default if key == PAGE_FIELD else self[key]

    def getlist(self, key: str, default: Any = None) -> list[Any]:
        return [self[key], self[key]]

    def items(self) -> Any:
        self._note("")
        return super().items()

    def copy(self) -> "Anything":
        return Anything(self.thing, self.handler)


class AnyFile(MultiValueDict):
    """Uploads in which every file is there, and none is what it says."""

    def __bool__(self) -> bool:
        return True

    def get(self, key: str, default: Any = None) -> Any:
        return SimpleUploadedFile("../坏\r\n.pdf.exe", b"MZ\x90\x00 no document", content_type="application/pdf")

    def getlist(self, key: str, default: Any = None) -> list[Any]:
        return [self.get(key)]

    def __contains__(self, key: object) -> bool:
        return True


class Listening(QueryDict):
    """An empty query string that notes what it is asked for."""

    def __init__(self, read: set[str]) -> None:
        super().__init__(mutable=True)
        self.read = read

    def __contains__(self, key: object) -> bool:
        self.read.add(str(key))
        return False

    def __getitem__(self, key: str) -> str:
        self.read.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return default

    def getlist(self, key: str, default: Any = None) -> list[Any]:
        self.read.add(key)
        return [] if default is None else default

    def copy(self) -> QueryDict:
        return QueryDict(mutable=True)


class NonsenseHandler(ClientHandler):
    """Gives every POST a body of nonsense, past all parsing: what a view reads is what it gets."""

    thing: str | None = None
    body_read = False  # whether some field of the last body was asked for
    read: set[str] | None = None  # where set, what a request looks for in its query string is noted here

    def get_response(self, request: Any) -> Any:
        if self.thing is not None and request.method == "POST":
            request._post, request._files = Anything(self.thing, self), AnyFile()
        if self.read is not None:
            request.GET = Listening(self.read)
        return super().get_response(request)
