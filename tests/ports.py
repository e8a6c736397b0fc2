"""Ports of 127.0.0.1 that stay ours until the process ends."""

import socket
from typing import Final

#: Bound and never listening: no other process is given the port, and a connection to it is refused until a server of
#: ours shares it (SO_REUSEADDR). A port that is only looked up and let go was now and then another worker's server.
_RESERVED: Final[list[socket.socket]] = []


def free_port() -> int:
    """Return a port that nobody listens on and nobody else gets."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    _RESERVED.append(reserved)
    port: int = reserved.getsockname()[1]
    return port
