"""What Prometheus may read: requests, how fast Slack was answered, what waits in the outbox."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Slack gives up after 3 s.
ACK_BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
UNKNOWN_DEPTH = float("nan")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Measures:
    """The numbers of one web app, in a registry of its own."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    ack_s: Histogram = field(init=False)

    def __post_init__(self) -> None:
        requests = Counter("rollout_http_requests", "Answered.", ("route", "status"), registry=self.registry)
        ack_s = Histogram(
            "rollout_slack_ack_seconds",
            "From a signed request to Bolt's answer.",
            buckets=ACK_BUCKETS_S,
            registry=self.registry,
        )
        object.__setattr__(self, "requests", requests)
        object.__setattr__(self, "ack_s", ack_s)

    def watch_outbox(self, depth: Callable[[], int]) -> None:
        """Read the outbox's depth whenever somebody looks."""
        gauge = Gauge("rollout_outbox_depth", "Messages that wait to be sent.", registry=self.registry)
        gauge.set_function(lambda: depth_or_unknown(depth))

    def text(self) -> bytes:
        """Return all numbers in Prometheus' text format."""
        return generate_latest(self.registry)


def depth_or_unknown(depth: Callable[[], int]) -> float:
    """Return the depth, or NaN when it cannot be read: the other numbers count even then."""
    try:
        return float(depth())
    except Exception as error:  # noqa: BLE001  an entry point's boundary
        log.error("The outbox could not be counted: %s.", type(error).__name__)
        return UNKNOWN_DEPTH


class Counting:
    """Counts answers by route and status; unknown paths are `other`, so that nobody can grow the list."""

    def __init__(self, app: ASGIApp, measures: Measures, routes: frozenset[str]) -> None:
        self.app = app
        self.measures = measures
        self.routes = tuple((route, compile_path(route)[0]) for route in sorted(routes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        route = self._route_of(scope["path"])

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.measures.requests.labels(route, str(message["status"])).inc()
            await send(message)

        await self.app(scope, receive, counted)

    def _route_of(self, path: str) -> str:
        return next((route for route, pattern in self.routes if pattern.match(path)), "other")
