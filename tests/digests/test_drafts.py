"""Digests as they are drafted for an occasion: with a model's paragraph or without it, shared, silent."""

from dataclasses import dataclass, field, replace

import pytest

from bot.actions.digests.previewing import audience_of, leaders_at
from bot.actions.findings.judging import judge
from bot.actions.findings.scene import Scene
from bot.domain.digests.audiences import Audience, LeadersPlace
from bot.domain.digests.editions import Drafted, Message, Occasion
from bot.domain.findings.judgement import Judgement
from bot.domain.findings.weeks import Weeks
from bot.domain.workflows import Workflow
from bot.drafting import NoAnswer
from bot.drafting.model import A
from bot.drafting.prompts import Prompt
from bot.slack import digest_drafts
from bot.slack.digest_drafts import SHARED_S, SLOW_S, SPARED_S, DigestDrafts
from store import Database, View
from tests.grants_program import GrantsProgram

LEADERS = leaders_at(LeadersPlace("CLEADERS", "Europe/Lisbon"))
GOOD = "refunds_agent has 3 warnings; 3 required items are past due."


@dataclass(slots=True)
class Speaker:
    """A model that says one thing, after so many seconds; `now_s` is the time that goes by."""

    said: str | None
    takes_s: float = 1.0
    name: str = "speaker"
    now_s: float = 0.0
    asked: list[str] = field(default_factory=list)

    def answer(self, prompt: Prompt, data: str, shape: type[A]) -> A:
        """What it says."""
        self.asked.append(data)
        self.now_s += self.takes_s
        if self.said is None:
            raise NoAnswer("timeout")
        return shape.model_validate({"paragraph": self.said})

    def monotonic(self) -> float:
        """The time."""
        return self.now_s


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent of Support, eight days after its start: three of its items are late, two roles vacant."""
    made = GrantsProgram(database)
    made.start()
    made.later(days=7)
    return made


def occasion(program: GrantsProgram, audience: Audience = LEADERS) -> Occasion:
    return Occasion("dig_1", audience, Weeks(program.at, audience.zone), first=False)


def drafted(program: GrantsProgram, model: Speaker | None) -> Drafted:
    found = DigestDrafts(program.desk, model).draft(occasion(program))
    assert found
    return found


def without(paragraph: str, message: Message) -> Message:
    """The message without the block that holds this paragraph."""
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    return message | {"blocks": [each for each in blocks if paragraph not in str(each)]}


def test_with_a_model_the_digest_is_the_same_but_for_one_paragraph(program: GrantsProgram) -> None:
    plain, told = drafted(program, None), drafted(program, Speaker(GOOD))
    assert GOOD in str(told.messages[0])
    assert (without(GOOD, told.messages[0]), *told.messages[1:]) == plain.messages


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "refunds_agent has 4 warnings.",
        "Everything is fine.",
        "<!channel> refunds_agent has 3 warnings.",
        "refunds_agent has 3 warnings, see https://example.org.",
    ],
)
def test_a_model_without_a_true_paragraph_changes_no_byte(program: GrantsProgram, said: str | None) -> None:
    assert drafted(program, Speaker(said)).messages == drafted(program, None).messages


def test_a_slow_model_is_spared_for_a_while(program: GrantsProgram) -> None:
    model = Speaker(None, takes_s=SLOW_S)
    drafts = DigestDrafts(program.desk, model, model.monotonic)
    for _ in range(3):
        assert drafts.draft(occasion(program))
    assert len(model.asked) == 1
    model.now_s += SPARED_S
    assert drafts.draft(occasion(program))
    assert len(model.asked) == 2


def test_audiences_of_one_instant_share_a_judgement_for_a_minute(
    program: GrantsProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Weeks] = []

    def counted(view: View, workflows: tuple[Workflow, ...], weeks: Weeks, scene: Scene) -> Judgement:
        judged.append(weeks)
        return judge(view, workflows, weeks, scene)

    monkeypatch.setattr(digest_drafts, "judge", counted)
    clock = Speaker(None)
    drafts = DigestDrafts(program.desk, None, clock.monotonic)
    team = replace(audience_of(program.workflow().team), zone=LEADERS.zone)
    for audience in (LEADERS, team):
        assert drafts.draft(occasion(program, audience))
    assert len(judged) == 1
    clock.now_s += SHARED_S
    assert drafts.draft(occasion(program))
    assert len(judged) == 2
