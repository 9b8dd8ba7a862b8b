"""One finding by its id, as it stands now: judged anew, whether or not a digest told of it before."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.actions.checklists import checklist_of
from bot.actions.findings.scene import Scene
from bot.actions.findings.tracking import followed_now, followed_of
from bot.domain.errors import NotFound
from bot.domain.findings.kinds import SubjectKind
from bot.domain.findings.tracking import Followed, Tracked
from bot.domain.findings.weeks import Weeks
from bot.domain.teams import Team
from bot.domain.wording import cut
from bot.domain.workflows import Workflow
from store import View

_ID = re.compile(r"fnd_[0-9a-f]{10}", re.ASCII)

SceneOf = Callable[[tuple[Workflow, ...]], Scene]


@dataclass(frozen=True, slots=True)
class Sought:
    """A finding by its id: `now` is how it stands now, None where nothing is found any more; `kept` is what is kept.

    One of the two is there. `workflow` and `team` are what it is about; both are None for a source and the program.
    """

    id: str
    now: Followed | None
    kept: Tracked | None
    workflow: Workflow | None
    team: Team | None

    @property
    def rule(self) -> str:
        """The id of the rule that found it."""
        if self.now:
            return self.now.finding.rule
        assert self.kept
        return self.kept.rule

    @property
    def subject(self) -> str:
        """What it is about, by name."""
        if self.now:
            return self.now.finding.subject.name
        named = self.workflow or self.team
        return named.name if named else "the program"


def is_finding(text: str) -> bool:
    """Whether `text` has the form of a finding's id."""
    return bool(_ID.fullmatch(text))


def seek(view: View, finding_id: str, at: datetime, scene_of: SceneOf) -> Sought:
    """The finding with that id, judged at `at`; a refusal where it is neither found now nor kept from before."""
    wanted = finding_id.strip()
    kept = view.findings.find(wanted) if is_finding(wanted) else None
    if kept and kept.workflow_id:
        return _of_workflow(view, kept, at, scene_of)
    found = _all(view, at, scene_of) if is_finding(wanted) else ()
    now = next((each for each in found if each.finding.id == wanted), None)
    if now is None and kept is None:
        raise NotFound(f"There is no finding {cut(wanted, 60)!r}. The command finding list shows those that stand now.")
    return Sought(wanted, now, kept, *_about(view, now, kept))


def _of_workflow(view: View, kept: Tracked, at: datetime, scene_of: SceneOf) -> Sought:
    workflow = view.workflow_by_id(str(kept.workflow_id))
    found: tuple[Followed, ...] = ()
    if not workflow.outcome:
        found = followed_of(view, (checklist_of(view, workflow, at),), at, scene_of((workflow,)))
    now = next((each for each in found if each.finding.id == kept.id), None)
    return Sought(kept.id, now, kept, workflow, None)


def _all(view: View, at: datetime, scene_of: SceneOf) -> tuple[Followed, ...]:
    return followed_now(view, Weeks(at, "UTC"), scene_of(view.workflows()))


def _about(view: View, now: Followed | None, kept: Tracked | None) -> tuple[Workflow | None, Team | None]:
    subject = now.finding.subject if now else None
    if subject and subject.kind is SubjectKind.WORKFLOW:
        return view.workflow_by_id(subject.id), None
    team_id = subject.id if subject and subject.kind is SubjectKind.TEAM else kept.team_id if kept else None
    return None, view.team_by_id(team_id) if team_id else None
