"""How the web server serves: read by gunicorn from the folder in which it starts.

A process does one request at a time and takes the next connection when it is free: what has to wait waits in the
kernel, for whichever process is free first (decisions/0019). Whoever opens a connection and says nothing is kept out
of the processes by the kernel for half a minute, and then holds one up for `PATIENCE` at most; so does whoever stops in
the middle of a request.
"""

import os
import socket
import struct
from typing import Any

wsgi_app = "housing_credit.wsgi:application"
bind = f"{os.environ.get('HOST') or '0.0.0.0'}:{os.environ.get('PORT') or '8000'}"  # noqa: S104 -- a container's own
workers = int(os.environ.get("WEB_WORKERS") or 4)  # good for two processors; twice as many as there are
timeout = 120  # seconds for one request and its answer, then the process is replaced
SILENCE, PATIENCE = 30, 10  # seconds


def when_ready(server: Any) -> None:
    """Connections come to a process with their request: browsers open some beforehand, and say nothing on them."""
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", PATIENCE, 0))  # handed on
        if listener.sock.family != socket.AF_UNIX and hasattr(socket, "TCP_DEFER_ACCEPT"):  # Linux
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENCE)
