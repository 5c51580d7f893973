"""A web process whose host has a wrong clock: `python -m tests.crowd.wrong_clock cms.asgi:application …`.

CLOCK_SHIFT says by how many seconds. Python's clocks are moved, the database's is not.
"""

import datetime
import os

import time_machine
import uvicorn


def main() -> None:
    shift = datetime.timedelta(seconds=float(os.environ["CLOCK_SHIFT"]))
    time_machine.travel(datetime.datetime.now(datetime.UTC) + shift, tick=True).start()
    uvicorn.main()


if __name__ == "__main__":
    main()
