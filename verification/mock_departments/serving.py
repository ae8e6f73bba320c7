"""Starting the program: one process, one event loop, loopback unless told otherwise."""

import uvicorn

from verification.mock_departments.app import DEFAULT_SEED, MockDepartments

DEFAULT_PORT = 8024


def serve(*, port: int = DEFAULT_PORT, seed: int = DEFAULT_SEED, host: str = "127.0.0.1") -> None:
    """Serve until interrupted (SIGINT or SIGTERM); requests that hang on purpose are cut off after a second."""
    uvicorn.run(
        MockDepartments(seed),
        host=host,
        port=port,
        loop="uvloop",
        access_log=False,
        log_level="warning",
        lifespan="off",
        backlog=2048,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        proxy_headers=False,
        server_header=False,
        date_header=False,
    )
