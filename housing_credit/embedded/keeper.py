"""The keeper of the embedded PostgreSQL and Redis: `python -m housing_credit.embedded.keeper STATE_DIR`."""

import sys
from pathlib import Path

from housing_credit.embedded.places import Places
from housing_credit.embedded.servers import SERVICE, Servers
from housing_credit.embedded.shared_use import SharedUse, keep

if __name__ == "__main__":
    state_dir = Path(sys.argv[1])
    keep(SharedUse(state_dir, SERVICE), Servers(Places.of(state_dir)))
