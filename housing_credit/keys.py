"""The keys of protected fields: from the environment, or, in a demo, made once and kept beside the demo's own data."""

import json
import os
import secrets
from pathlib import Path
from typing import TypedDict

from housing_credit.env import Env


class Keys(TypedDict):
    """Everything secret that a running system needs, as hex or text."""

    secret_key: str
    protected_keys: str
    blind_index_key: str
    signing_key: str


def load_keys(env: Env, state_dir: Path) -> Keys:
    """The keys of this installation. Raises `SystemExit` in production when one is missing."""
    given = Keys(
        secret_key=env.secret_key,
        protected_keys=env.protected_keys,
        blind_index_key=env.blind_index_key,
        signing_key=env.signing_key,
    )
    missing = [name.upper() for name, value in given.items() if not value]
    if not missing:
        return given
    if env.production:
        message = f"Production needs these in the environment: {', '.join(missing)}."
        raise SystemExit(message)
    made = _demo_keys(state_dir / "keys.json")
    return Keys(
        secret_key=given["secret_key"] or made["secret_key"],
        protected_keys=given["protected_keys"] or made["protected_keys"],
        blind_index_key=given["blind_index_key"] or made["blind_index_key"],
        signing_key=given["signing_key"] or made["signing_key"],
    )


def _demo_keys(path: Path) -> Keys:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        keys = Keys(
            secret_key=secrets.token_urlsafe(48),
            protected_keys=f"1:sm4-gcm:{secrets.token_hex(16)};2:aes-256-gcm:{secrets.token_hex(32)}",
            blind_index_key=secrets.token_hex(32),
            signing_key=secrets.token_hex(32),
        )
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(keys, file)
        try:
            os.link(draft, path)  # only the first of several starters wins; the others read its keys
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept: Keys = json.loads(path.read_text())
    return kept
