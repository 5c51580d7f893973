"""The web process of a bare machine: imports the house while its database is being prepared, then opens the door."""

import sys
import time
from pathlib import Path

import uvicorn


def main(host: str, port: str, prepared: str) -> None:
    """Serve on `host` and `port` from the moment the file `prepared` exists."""
    config = uvicorn.Config(
        "cms.asgi:application",
        host=host,
        port=int(port),
        timeout_graceful_shutdown=2,
        server_header=False,
        log_level="warning",
    )
    config.load()
    while not Path(prepared).exists():
        time.sleep(0.05)
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
