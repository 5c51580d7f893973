"""Room for deep calls: CPython keeps the frames of calls in pieces of 16 KB, mapped and unmapped at their edges.

A loop that calls over an edge pays two system calls and a page fault each time, and the code below a page of ours goes
over several: a walk through the pages spent a tenth to a seventh of the processor on that.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Words = ParamSpec("Words")
Answer = TypeVar("Answer")

# A frame this large (528 KB, of which nothing is touched) gets a piece of 1 MB, and all calls below lie in its rest.
SLOTS = 66_000


def with_room(function: Callable[Words, Answer]) -> Callable[Words, Answer]:
    """Return the function so that what it calls goes over no edge, some 1,500 calls deep; below as ever."""

    def call(*args: Words.args, **kwargs: Words.kwargs) -> Answer:
        return function(*args, **kwargs)

    call.__code__ = call.__code__.replace(co_stacksize=SLOTS)
    return wraps(function)(call)
