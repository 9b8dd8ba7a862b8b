"""When changes came to production: the first deployment or release after each, asked for only as far as one needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, TypeAdapter

from bot.sources.github_entries import Production
from bot.sources.http import Http, Params
from bot.sources.seam import FIRST_STRETCH

PER_PAGE = 100
NOTHING_YET = " (nothing in production yet: check the production of its entry in ROLLOUT_SOURCES)"
WAIT = timedelta(days=30)
"""How long a change may take from its merge to production and still be waited for."""

SLACK = timedelta(minutes=1)
"""How much earlier than its merge the commit of a merge may say that it is: a release bears its commit's time."""


class Status(BaseModel):
    """What became of a deployment at some time."""

    state: str
    created_at: AwareDatetime


class Deployment(BaseModel):
    """A deployment; whether it succeeded, only its statuses say."""

    id: int
    sha: str
    created_at: AwareDatetime


class Release(BaseModel):
    """A release; `created_at` is the time of its commit."""

    created_at: AwareDatetime
    published_at: AwareDatetime | None = None
    draft: bool = False
    prerelease: bool = False


_DEPLOYMENTS = TypeAdapter(list[Deployment])
_STATUSES = TypeAdapter(list[Status])
_RELEASES = TypeAdapter(list[Release])


@dataclass(frozen=True, slots=True)
class _Shipment:
    """What may bring changes to production: those merged before `begun`; `arrived` is None where it is to be asked.

    `sha` is the commit that a deployment brings.
    """

    begun: datetime
    arrived: datetime | None = None
    deployment: int | None = None
    sha: str | None = None


def has_any(line: Http, repository: str, production: Production) -> bool:
    """Whether anything ever came to production, as far as one request tells."""
    if production.releases:
        return bool(line.shaped(_RELEASES, line.get(f"repos/{repository}/releases", {"per_page": 1})))
    asked: Params = {"environment": production.environment or "", "per_page": 1}
    return bool(line.shaped(_DEPLOYMENTS, line.get(f"repos/{repository}/deployments", asked)))


class Shipments:
    """What a repository brought to production up to `until`, read back as far as it was asked for, in one run."""

    def __init__(self, line: Http, repository: str, production: Production, until: datetime) -> None:
        self._line, self._where = line, f"repos/{repository}"
        self._production, self._until = production, until
        self._since: datetime | None = None
        self._listed: tuple[_Shipment, ...] = ()
        self._arrivals: dict[int, datetime | None] = {}

    def landed(self, merged_at: datetime) -> datetime | None:
        """Up to when the lead time of a change counts that was merged then; None as long as it is waited for.

        What was merged before anything is read, or was waited for in vain, counts to its merge.
        """
        if merged_at < self._until - FIRST_STRETCH:
            return merged_at
        found = self._first_after(merged_at)
        return merged_at if found is None and merged_at < self._until - WAIT else found

    def _reach(self, since: datetime) -> None:
        """What there is since then is read, unless it was already."""
        if self._since is None or since < self._since:
            found = self._releases(since) if self._production.releases else self._deployments(since)
            self._listed = tuple(sorted(found, key=lambda each: each.arrived or each.begun))
            self._since = since

    def _first_after(self, merged_at: datetime) -> datetime | None:
        """When the first that succeeded of those after a merge was in production; None if there is none yet.

        A deployment that goes back to a commit that was deployed before the merge does not hold what was merged.
        """
        self._reach(merged_at)
        older = {each.sha for each in self._listed if each.sha and each.begun < merged_at}
        after = (each for each in self._listed if each.begun >= merged_at and each.sha not in older)
        arrivals = (self._arrival(each) for each in after)
        return next((each for each in arrivals if each and merged_at <= each <= self._until), None)

    def _arrival(self, shipment: _Shipment) -> datetime | None:
        if shipment.deployment is None:
            return shipment.arrived
        if shipment.deployment not in self._arrivals:
            self._arrivals[shipment.deployment] = self._success(shipment.deployment)
        return self._arrivals[shipment.deployment]

    def _success(self, deployment: int) -> datetime | None:
        answer = self._line.get(f"{self._where}/deployments/{deployment}/statuses", {"per_page": PER_PAGE})
        statuses = self._line.shaped(_STATUSES, answer)
        return min((each.created_at for each in statuses if each.state == "success"), default=None)

    def _deployments(self, since: datetime) -> Iterator[_Shipment]:
        """The newest come first; of those before `since` the rest of a page comes along, for what is gone back to."""
        asked: Params = {"environment": self._production.environment or "", "per_page": PER_PAGE}
        for answer in self._line.pages(f"{self._where}/deployments", asked):
            found = self._line.shaped(_DEPLOYMENTS, answer)
            for each in found:
                yield _Shipment(each.created_at, deployment=each.id, sha=each.sha)
            if any(each.created_at < since for each in found):
                return

    def _releases(self, since: datetime) -> Iterator[_Shipment]:
        """The newest by their commits come first; a draft or a prerelease is none."""
        for answer in self._line.pages(f"{self._where}/releases", {"per_page": PER_PAGE}):
            found = self._line.shaped(_RELEASES, answer)
            for each in found:
                if each.published_at and not each.draft and not each.prerelease:
                    yield _Shipment(each.created_at + SLACK, each.published_at)
            if any(each.created_at < since - SLACK for each in found):
                return
