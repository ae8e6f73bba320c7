"""`python -m verification.mock_departments --port 8024 [--seed N] [--host 127.0.0.1]`."""

from argparse import ArgumentParser

from verification.mock_departments.app import DEFAULT_SEED
from verification.mock_departments.serving import DEFAULT_PORT, serve


def main() -> None:
    """Read the arguments and serve."""
    parser = ArgumentParser(prog="mock_departments", description="All 24 sources over real HTTP, for demo and tests.")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="the truth about invented people follows from it"
    )
    parser.add_argument("--host", default="127.0.0.1")
    arguments = parser.parse_args()
    serve(port=arguments.port, seed=arguments.seed, host=arguments.host)


if __name__ == "__main__":
    main()
