"""The mock departments: 24 sources over real HTTP at /<source code>/…, by docs/source-contract.md, for demo and test.

Everybody here is invented. /control/… turns faults on and off, plants people and counts requests: a device of this demo
program alone, without a lock, to be reached from this machine only. No real source has it.
"""

from os import environ

from starlette.types import Receive, Scope, Send

from verification.mock_departments import delivery
from verification.mock_departments.control import Panel
from verification.mock_departments.desk import Desk, refusal
from verification.mock_departments.province_desk import ProvinceDesk
from verification.mock_departments.scenarios_shelf import pin_all, read_all
from verification.mock_departments.sources import SOURCES, Source
from verification.mock_departments.world import World

DEFAULT_SEED = 2026


class MockDepartments:
    """The ASGI program: a desk for each source, and the control panel."""

    def __init__(self, seed: int) -> None:
        self.world = World(seed)
        scenarios = read_all()
        pin_all(self.world, scenarios)
        self.desks = {code: _desk(source, self.world) for code, source in SOURCES.items()}
        self.panel = Panel(self.world, self.desks, scenarios).app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead a request to its desk by the first part of its path."""
        if scope["type"] != "http":
            await self.panel(scope, receive, send)
            return
        code = scope["path"].split("/", 2)[1]
        desk = self.desks.get(code)
        if desk is not None:
            await desk.serve(scope, receive, send)
        elif code == "control":
            await self.panel(scope, receive, send)
        else:
            await delivery.deliver(refusal(LookupError("no such source")), send)


def _desk(source: Source, world: World) -> Desk:
    return ProvinceDesk(source, world) if source.dialect == "province_batch" else Desk(source, world)


app = MockDepartments(int(environ.get("MOCK_DEPARTMENTS_SEED", DEFAULT_SEED)))
