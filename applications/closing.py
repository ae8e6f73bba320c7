"""The end of a benefit: the household may apply anew, unless the registry keeps it away."""

from applications import moves
from applications.models import Application
from bureau import lifecycle


def close(case: Application, *, why: str) -> None:
    """The benefit that was approved here has ended; its persons are free for another application."""
    lifecycle.make_move(case, moves.CLOSE, by=None, note=why)
