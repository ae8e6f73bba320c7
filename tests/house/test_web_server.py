"""gunicorn.conf.py is what the web server really reads, and the kernel keeps silent connections from it."""

import socket
import struct
import time
from types import SimpleNamespace

import pytest
from django.conf import settings
from gunicorn.app.wsgiapp import WSGIApplication


@pytest.fixture
def configured(monkeypatch):
    """What gunicorn makes of our file, started without a word more, with these variables."""
    monkeypatch.chdir(settings.BASE_DIR)
    monkeypatch.setattr("sys.argv", ["gunicorn"])

    def read(**variables: str) -> WSGIApplication:
        for name in ("HOST", "PORT", "WEB_WORKERS"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return WSGIApplication()

    return read


def test_without_a_variable_four_processes_serve_our_application_one_request_each_at_a_time(configured):
    program = configured()
    assert program.app_uri == "housing_credit.wsgi:application"
    assert (program.cfg.workers, program.cfg.threads, program.cfg.worker_class_str) == (4, 1, "sync")
    assert program.cfg.bind == ["0.0.0.0:8000"]


def test_variables_set_address_and_processes(configured):
    program = configured(HOST="127.0.0.1", PORT="8123", WEB_WORKERS="7")
    assert (program.cfg.bind, program.cfg.workers) == (["127.0.0.1:8123"], 7)


@pytest.mark.skipif(not hasattr(socket, "TCP_DEFER_ACCEPT"), reason="Linux alone can keep them")
def test_a_connection_comes_with_its_request(configured):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        configured().cfg.when_ready(SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)]))
        listener.setblocking(False)
        with socket.create_connection(listener.getsockname()) as silent:
            time.sleep(0.2)
            with pytest.raises(BlockingIOError):
                listener.accept()
            silent.sendall(b"GET / HTTP/1.1\r\n\r\n")
            time.sleep(0.2)
            with listener.accept()[0] as taken:
                patience = taken.getsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, 16)
    assert struct.unpack("ll", patience) == (10, 0)  # handed on by the kernel: nobody is waited for longer


def test_a_unix_socket_serves_too(configured, tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "web"))
        configured().cfg.when_ready(SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)]))
