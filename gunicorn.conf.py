"""How the web server serves: read by gunicorn from the folder in which it starts.

A process does one request at a time and takes the next connection when it is free: what has to wait waits in the
kernel, for whichever process is free first (decisions/0019). A client that hangs is cut off after the timeout.
"""

import os
import socket
from typing import Any

wsgi_app = "housing_credit.wsgi:application"
bind = f"{os.environ.get('HOST') or '0.0.0.0'}:{os.environ.get('PORT') or '8000'}"  # noqa: S104 -- a container's own
workers = int(os.environ.get("WEB_WORKERS") or 4)  # twice as many as the machine has processors
timeout = 60
SILENT_SECONDS = 5


def when_ready(server: Any) -> None:
    """Connections come to a process with their request: browsers open some beforehand, and say nothing on them."""
    if hasattr(socket, "TCP_DEFER_ACCEPT"):  # Linux
        for listener in server.LISTENERS:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENT_SECONDS)
