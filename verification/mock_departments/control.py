"""The control panel of this demo device: clock, faults, planted people, scenarios, counts. No real source has one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from msgspec import DecodeError, Meta, Struct, to_builtins
from msgspec.json import decode, encode
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from verification.mock_departments.clock import CLOCK
from verification.mock_departments.desk import Desk
from verification.mock_departments.faults import Faults
from verification.mock_departments.honest import Member, declare
from verification.mock_departments.scenarios_shelf import Scenario, pin_all
from verification.mock_departments.world import World


class Moment(Struct, forbid_unknown_fields=True):
    """What time it is to be. One without an offset from UTC is none."""

    now: Annotated[datetime, Meta(tz=True)] | None


class Panel:
    """The endpoints under /control; all bodies are JSON."""

    def __init__(self, world: World, desks: Mapping[str, Desk], scenarios: Mapping[str, Scenario]) -> None:
        self.world = world
        self.desks = desks
        self.scenarios = scenarios

    def app(self) -> Starlette:
        """The panel as a program of its own."""
        return Starlette(
            routes=[
                Route("/control/health", self.health),
                Route("/control/clock", self.clock, methods=["GET", "PUT"]),
                Route("/control/counters", self.counters),
                Route("/control/reset", self.reset, methods=["POST"]),
                Route("/control/people", self.people, methods=["POST"]),
                Route("/control/declarations", self.declarations, methods=["POST"]),
                Route("/control/scenarios", self.list_scenarios),
                Route("/control/scenarios/{name}", self.scenario),
                Route("/control/sources", self.sources, methods=["GET", "PUT"]),
                Route("/control/sources/{code}", self.source, methods=["GET", "PUT"]),
            ]
        )

    async def health(self, request: Request) -> Response:
        """`{"status": "ok", "seed", "sources"}`."""
        return _json({"status": "ok", "seed": self.world.seed, "sources": len(self.desks)})

    async def clock(self, request: Request) -> Response:
        """`{"now": moment}`. PUT: from now on it is that moment, with its offset; null: the machine's own time.

        The dates of scenarios and control persons follow; people posted before keep the dates that they had.
        """
        if request.method == "PUT":
            try:
                CLOCK.set_to(decode(await request.body(), type=Moment).now)
            except DecodeError as error:
                return _unfit(error)
            pin_all(self.world, dict(self.scenarios))
        return _json({"now": CLOCK.now()})

    async def counters(self, request: Request) -> Response:
        """Counts by source code."""
        return _json({code: to_builtins(desk.counter) for code, desk in self.desks.items()})

    async def reset(self, request: Request) -> Response:
        """The machine's time, no faults, counts at zero, posted people forgotten, scenarios pinned anew."""
        CLOCK.set_to(None)
        for desk in self.desks.values():
            desk.reset()
        self.world.forget_all()
        pin_all(self.world, dict(self.scenarios))
        return _json({"status": "ok"})

    async def people(self, request: Request) -> Response:
        """`{"people": [Pinned, …]}`: set what is known of them. `{"pinned": n}`, or 422 and no change."""
        try:
            return _json({"pinned": self.world.pin(decode(await request.body())["people"])})
        except (DecodeError, KeyError, TypeError) as error:
            return _unfit(error)

    async def declarations(self, request: Request) -> Response:
        """`[[{"key", "name", "id_number"}, …], …]`: what each of these invented households would honestly declare."""
        try:
            households = decode(await request.body(), type=list[list[Member]])
        except DecodeError as error:
            return _unfit(error)
        return _json([declare(members, self.world.seed, CLOCK.today()) for members in households])

    async def list_scenarios(self, request: Request) -> Response:
        """`[{"name", "title_zh", "title_en", "kind"}, …]`."""
        return _json(
            [
                {"name": name, "title_zh": scenario.title_zh, "title_en": scenario.title_en, "kind": scenario.kind}
                for name, scenario in self.scenarios.items()
            ]
        )

    async def scenario(self, request: Request) -> Response:
        """The household's papers: `{"name", "title_zh", "title_en", "kind", "household"}`, never what is expected."""
        name = request.path_params["name"]
        found = self.scenarios.get(name)
        return _json(found.papers(name, CLOCK.today())) if found else _missing("scenario")

    async def sources(self, request: Request) -> Response:
        """GET: faults by source code. PUT: `{code: Faults, …}`, `*` for all not named; each replaces its old one."""
        if request.method == "PUT":
            try:
                wanted = decode(await request.body(), type=dict[str, Faults])
            except DecodeError as error:
                return _unfit(error)
            if unknown := set(wanted) - set(self.desks) - {"*"}:
                return _missing(f"source {sorted(unknown)[0]}")
            for code, desk in self.desks.items():
                desk.faults = wanted.get(code, wanted.get("*", desk.faults))
        return _json({code: to_builtins(desk.faults) for code, desk in self.desks.items()})

    async def source(self, request: Request) -> Response:
        """GET: the faults of one source. PUT: `Faults`, replacing the whole setting."""
        desk = self.desks.get(request.path_params["code"])
        if desk is None:
            return _missing("source")
        if request.method == "PUT":
            try:
                desk.faults = decode(await request.body(), type=Faults)
            except DecodeError as error:
                return _unfit(error)
        return _json(to_builtins(desk.faults))


def _json(content: Any, status: int = 200) -> Response:
    return Response(encode(content), status, media_type="application/json")


def _missing(what: str) -> Response:
    return _json({"error": f"no such {what}"}, 404)


def _unfit(error: Exception) -> Response:
    return _json({"error": str(error)}, 422)
