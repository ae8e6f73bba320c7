"""What the environment may set, typed in one place.

A value of the wrong type stops the program at its start and names itself.
"""

import os

import msgspec


class Env(msgspec.Struct, frozen=True, rename="upper", kw_only=True):
    """Every variable that the system reads, with its default for a demo on one machine."""

    production: bool = False  # off: demo data, generated keys and the style guide are allowed
    debug: bool = False
    port: int = 8000
    mock_port: int = 0  # default: where the sources were pointed last, at first 8024
    mock_departments_url: str = ""  # default http://127.0.0.1:MOCK_PORT
    allowed_hosts: str = "127.0.0.1,localhost,[::1]"  # comma-separated
    public_url: str = ""  # where a letter's QR code leads; default http://127.0.0.1:PORT
    secret_key: str = ""
    database_url: str = ""  # postgresql://user:password@host:port/name; empty starts the embedded server
    database_owner_url: str = ""  # the same database as the owner of its tables; default: one role for everything
    redis_url: str = ""
    hc_state_dir: str = ""
    protected_keys: str = ""  # "1:sm4-gcm:<hex>;2:aes-256-gcm:<hex>"
    protected_active_key: int = 1
    blind_index_key: str = ""  # hex
    signing_key: str = ""  # hex
    secure_cookies: bool = False
    log_level: str = "INFO"


def read_env() -> Env:
    """The environment as typed values. Raises `SystemExit` with a sentence naming the bad variable."""
    words = {name: value for name, value in os.environ.items() if name.lower() in Env.__struct_fields__}
    try:
        env = msgspec.convert(words, Env, strict=False)
    except msgspec.ValidationError as error:
        message = f"The environment has a value that cannot be used: {error}. Correct it and start again."
        raise SystemExit(message) from None
    if env.production and not env.secure_cookies:
        message = (
            "PRODUCTION=true needs SECURE_COOKIES=true: without it the session cookie would travel unencrypted. "
            "Serve the system over https, set SECURE_COOKIES=true and start again."
        )
        raise SystemExit(message)
    return env
