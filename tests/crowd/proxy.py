"""A line that breaks between commit and answer: it hands requests on and cuts when the answer to a bid comes back."""

import contextlib
import random
import socket
import struct
import threading
from types import TracebackType
from typing import Self

ACCEPTED = b"HTTP/1.1 201"
RESET = struct.pack("ii", 1, 0)  # close without a farewell


class CuttingProxy:
    """Listens on a port of its own in front of a web process; loses `share` of the answers to accepted bids."""

    def __init__(self, port: int, share: float = 0.5) -> None:
        self.upstream, self.share, self.cuts = port, share, 0
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.chance = random.Random(7)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self.listening.accept()
                server = socket.create_connection(("127.0.0.1", self.upstream))
                for words in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self._pump, args=words, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, brings_answers: bool) -> None:
        how = socket.SHUT_RDWR
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if brings_answers and data.startswith(ACCEPTED) and self.chance.random() < self.share:
                    self.cuts += 1
                    target.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    how = socket.SHUT_RD  # wakes the other thread; the reset goes out when both have let go
                    break
                target.sendall(data)
        for door in (target, source):
            with contextlib.suppress(OSError):
                door.shutdown(how if door is target else socket.SHUT_RDWR)
            door.close()
