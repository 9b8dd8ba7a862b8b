"""What can be asked of the store inside one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select

from bot.domain.absences import Absences
from bot.domain.checklists import Known
from bot.domain.errors import NotFound
from bot.domain.items import Proof
from bot.domain.nearness import near
from bot.domain.people import Person
from bot.domain.requests import Request, RequestKind, RequestState
from bot.domain.signals.kinds import Seat, Signal
from bot.domain.signals.order import history_begins
from bot.domain.teams import Team
from bot.domain.wording import cut
from bot.domain.workflows import Standstill, Workflow
from store.reading.absences import read_absences
from store.reading.activity import Activity
from store.reading.acts import Acts
from store.reading.among import by_workflow, chunks
from store.reading.chronicle import Chronicle
from store.reading.decisions import Decisions
from store.reading.deviations import Deviations, Drills
from store.reading.digests import Digests
from store.reading.documents import Documents
from store.reading.escrow import Escrow
from store.reading.findings import Findings
from store.reading.gates import Gates
from store.reading.grants import Grants
from store.reading.history import Entry, read_history, read_standstills
from store.reading.items import read_known, read_proofs
from store.reading.marks import Marks, marks_named, marks_of
from store.reading.memos import Memos
from store.reading.metrics import Metrics
from store.reading.named_signals import NamedSignals
from store.reading.people import read_person, read_person_with_handle, read_teams_approved_for
from store.reading.policies import Policies
from store.reading.privacy import Privacy
from store.reading.reports import Reports
from store.reading.requests import read_claim, read_requests
from store.reading.search import Search
from store.reading.sightings import Sightings
from store.reading.signals import read_seats
from store.reading.sources import Sources
from store.reading.tokens import Tokens
from store.reading.unanswered import Unanswered
from store.reading.weekly import Weekly
from store.reading.workflows import read_beginning, read_ids, read_teams, read_workflows, read_zones
from store.tables.ledger import people
from store.tables.program import items, playbook_texts, requests, roles, teams, workflows

# Conditions are made once: what SQLAlchemy compiles is kept with the query, and making one costs as much as asking it.
_NAMED = workflows.c.name == bindparam("name")
_WITH_IDS = workflows.c.id.in_(bindparam("ids", expanding=True))
_WITH_ID = workflows.c.id == bindparam("workflow_id")
_RUNNING = workflows.c.outcome.is_(None)
_OF_TEAM = workflows.c.team_id == bindparam("team_id")
_PERSON = select(people.c.id).where(people.c.handle == bindparam("handle")).scalar_subquery()
_OF_PERSON = or_(
    workflows.c.id.in_(select(roles.c.workflow_id).where(roles.c.person == _PERSON)),
    workflows.c.id.in_(select(items.c.workflow_id).where(items.c.assignee == _PERSON)),
    workflows.c.team_id.in_(select(teams.c.id).where(teams.c.lead == _PERSON)),
)
_TEAM_NAMED = teams.c.name_key == bindparam("name")
_TEAM_WITH_ID = teams.c.id == bindparam("team_id")
_TEAM_OF_CHANNEL = teams.c.channel == bindparam("channel")
_REQUEST_WITH_ID = requests.c.id == bindparam("request_id")
_WAITING = requests.c.state == RequestState.WAITING
_MOVES = and_(
    requests.c.kind.in_(kind for kind in RequestKind if kind.moves_phase), requests.c.state == RequestState.APPROVED
)
_OF_WORKFLOW = requests.c.workflow_id == bindparam("workflow_id")
_AMONG = requests.c.workflow_id.in_(bindparam("ids", expanding=True))
_NO_SUCH_ID = "This workflow does not exist (any more). The command status lists those that do."


class View:
    """The program as it stands in one transaction; every method gives frozen values."""

    def __init__(self, connection: Connection, texts_by_hash: dict[str, str]) -> None:
        self._connection = connection
        self._texts_by_hash = texts_by_hash
        self.memos = Memos(connection)
        self.documents = Documents(connection)
        self.deviations = Deviations(connection)
        self.drills = Drills(connection)
        self.policies = Policies(connection)
        self.metrics = Metrics(connection)
        self.gates = Gates(connection)
        self.signals = NamedSignals(connection)
        self.activity = Activity(connection)
        self.grants = Grants(connection)
        self.tokens = Tokens(connection)
        self.escrow = Escrow(connection)
        self.decisions = Decisions(connection)
        self.unanswered = Unanswered(connection)
        self.weekly = Weekly(connection)
        self.sightings = Sightings(connection)
        self.acts = Acts(connection)
        self.digests = Digests(connection)
        self.findings = Findings(connection)
        self.chronicle = Chronicle(connection)
        self.reports = Reports(connection)
        self.search = Search(connection)
        self.privacy = Privacy(connection)
        self.sources = Sources(connection)

    def marks(self, name: str) -> Marks:
        """What stays equal until something changes about the workflow of that name; a refusal if there is none."""
        found = marks_named(self._connection, name.strip().casefold())
        if found is None:
            raise self._unknown(name)
        return found

    def marks_of(self, workflow_id: str) -> Marks:
        """The same of the workflow with that id."""
        found = marks_of(self._connection, workflow_id)
        if found is None:
            raise NotFound(_NO_SUCH_ID)
        return found

    def workflow(self, name: str) -> Workflow:
        """The workflow of that name, or a refusal that offers the nearest name."""
        wanted = name.strip().casefold()
        found = read_workflows(self._connection, _NAMED, name=wanted)
        if found:
            return found[0]
        raise self._unknown(name)

    def _unknown(self, name: str) -> NotFound:
        names = self._connection.scalars(select(workflows.c.name)).all()
        guess = near(name.strip().casefold(), names)
        hint = f"Did you mean {guess}?" if guess else "The command status lists those that exist."
        return NotFound(f"There is no workflow {cut(name, 60)!r}. {hint}")

    def workflow_by_id(self, workflow_id: str) -> Workflow:
        """The workflow with that id."""
        found = read_workflows(self._connection, _WITH_ID, workflow_id=workflow_id)
        if not found:
            raise NotFound(_NO_SUCH_ID)
        return found[0]

    def workflows_among(self, workflow_ids: Iterable[str]) -> Mapping[str, Workflow]:
        """The workflows with these ids, running or closed, by id; those that do not exist are not there."""
        found = (read_workflows(self._connection, _WITH_IDS, ids=ids) for ids in chunks(list(workflow_ids)))
        return {each.id: each for some in found for each in some}

    def zones(self, workflow_ids: Iterable[str]) -> Mapping[str, str]:
        """The time zones of the teams of these workflows, by the workflow's id."""
        return read_zones(self._connection, workflow_ids)

    def history_begins(self, name: str) -> datetime:
        """The first instant whose signals are kept for the workflow of that name; a refusal as `workflow` has it."""
        found = read_beginning(self._connection, name.strip().casefold())
        if found is None:
            raise self._unknown(name)
        return history_begins(*found)

    def has_workflow(self, name: str) -> bool:
        """Whether a workflow, running or closed, bears that name."""
        return bool(self._connection.scalar(select(exists().where(workflows.c.name == name))))

    def ids_of_workflows(self, names: Iterable[str]) -> Mapping[str, str]:
        """The ids of the workflows, running or closed, that bear these names, by name."""
        return read_ids(self._connection, names)

    def workflows(self, team_id: str | None = None) -> tuple[Workflow, ...]:
        """All workflows that are not closed, of one team or of the whole program, by name."""
        if team_id is None:
            return read_workflows(self._connection, _RUNNING)
        return read_workflows(self._connection, _RUNNING, _OF_TEAM, team_id=team_id)

    def workflows_of(self, handle: str) -> tuple[Workflow, ...]:
        """The running workflows in which that person holds a role, an item or the team's lead."""
        return read_workflows(self._connection, _RUNNING, _OF_PERSON, handle=handle)

    def workflows_ever_of(self, handle: str) -> tuple[Workflow, ...]:
        """The same with those that are closed."""
        return read_workflows(self._connection, _OF_PERSON, handle=handle)

    def team(self, name: str) -> Team:
        """The team of that name, or a refusal that offers the nearest name."""
        found = read_teams(self._connection, _TEAM_NAMED, name=name.strip().casefold())
        if found:
            return found[0]
        names = self._connection.scalars(select(teams.c.name)).all()
        guess = near(name.strip(), names)
        hint = f"Did you mean {guess}?" if guess else "The command team list shows those that exist."
        raise NotFound(f"There is no team {cut(name, 60)!r}. {hint}")

    def team_by_id(self, team_id: str) -> Team:
        """The team with that id."""
        found = read_teams(self._connection, _TEAM_WITH_ID, team_id=team_id)
        if not found:
            raise NotFound("This team does not exist (any more).")
        return found[0]

    def team_of_channel(self, channel: str) -> Team | None:
        """The team whose channel this is, if any."""
        found = read_teams(self._connection, _TEAM_OF_CHANNEL, channel=channel)
        return found[0] if found else None

    def team_named(self, name: str) -> Team | None:
        """The team of that name, if any."""
        found = read_teams(self._connection, _TEAM_NAMED, name=name.strip().casefold())
        return found[0] if found else None

    def teams(self) -> tuple[Team, ...]:
        """All teams, by name."""
        return read_teams(self._connection)

    def seats(self, until: datetime) -> Mapping[str, tuple[Signal[Seat], ...]]:
        """The last word before `until` on each tier of each team's seats, by team id."""
        return read_seats(self._connection, until)

    def known(self, workflow_ids: tuple[str, ...]) -> Mapping[str, Known]:
        """What was recorded of the items of these workflows."""
        return read_known(self._connection, workflow_ids)

    def proofs(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[Proof, ...]]:
        """What was proven of the items of these workflows, by the workflow's id."""
        return read_proofs(self._connection, workflow_ids)

    def playbook_text(self, content_hash: str) -> str:
        """The text that a workflow pinned; a hash names one content for ever, so it is read once."""
        known = self._texts_by_hash.get(content_hash)
        if known is not None:
            return known
        text: str | None = self._connection.scalar(
            select(playbook_texts.c.text).where(playbook_texts.c.hash == content_hash)
        )
        if text is None:
            raise NotFound(f"No playbook with the content {content_hash[:12]} is stored.")
        return self._texts_by_hash.setdefault(content_hash, text)

    def has_playbook(self, content_hash: str) -> bool:
        """Whether the text with that hash is kept."""
        return bool(self._connection.scalar(select(exists().where(playbook_texts.c.hash == content_hash))))

    def request(self, request_id: str) -> Request:
        """The request with that id."""
        found = read_requests(self._connection, _REQUEST_WITH_ID, request_id=request_id.strip())
        if not found:
            raise NotFound(f"There is no request {cut(request_id, 60)!r}. The command requests lists what waits.")
        request = found[0]
        return replace(request, claimed=read_claim(self._connection, request.id)) if request.decided_by else request

    def requests(self, workflow_id: str | None = None) -> tuple[Request, ...]:
        """The requests that wait for a decision, of one workflow or of all, the oldest first."""
        if workflow_id is None:
            return read_requests(self._connection, _WAITING)
        return read_requests(self._connection, _WAITING, _OF_WORKFLOW, workflow_id=workflow_id)

    def moves(self, workflow_id: str) -> tuple[Request, ...]:
        """The requests that took a workflow through a gate, the oldest first."""
        return read_requests(self._connection, _MOVES, _OF_WORKFLOW, workflow_id=workflow_id)

    def moves_among(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[Request, ...]]:
        """The same of each of these workflows."""
        return by_workflow(workflow_ids, lambda ids: read_requests(self._connection, _MOVES, _AMONG, ids=ids))

    def standstills_among(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[Standstill, ...]]:
        """The pauses of each of these workflows that are over, the oldest first."""
        return by_workflow(workflow_ids, lambda ids: read_standstills(self._connection, ids))

    def history(self, subject: str) -> tuple[Entry, ...]:
        """What became of a subject (an item is `workflow id/item`), the oldest first."""
        return read_history(self._connection, subject)

    def person_by_handle(self, handle: str) -> Person | None:
        """The person with that handle, if anyone has met them."""
        return read_person_with_handle(self._connection, handle)

    def person_by_id(self, person_id: str) -> Person:
        """The person with that random id, erased or not."""
        return read_person(self._connection, person_id) or Person(person_id, None, "someone unknown")

    def approver_teams(self, handle: str) -> tuple[str, ...]:
        """The ids of the teams that name this person as an approver."""
        return read_teams_approved_for(self._connection, handle)

    def absences(self, at: datetime) -> Absences:
        """Everyone who is away at `at`, and who stands in for them."""
        return read_absences(self._connection, at)

    def is_empty(self) -> bool:
        """Whether the program has no workflow yet."""
        return not self._connection.scalar(select(func.count()).select_from(workflows))
