"""`rollout save`: a mistake caught in time is kept, and the digest names it."""

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-04T10:00:00Z"
SAVE = "save refunds_agent --summary 'A second payout run was stopped.'"


def test_a_save_is_kept_once_and_the_next_digest_names_it(rollout: Rollout, refunds: str) -> None:
    first = rollout(f"{SAVE} --by UMEI --as UEVE {AT}")
    assert (first.status, first.answer) == (0, {"id": first.answer["id"], "source": "typed", "recorded": True})
    again = rollout(f"{SAVE} --by UMEI --as UANA {AT}")
    assert (again.answer, again.err) == (
        first.answer | {"recorded": False},
        "This stood recorded for today already, so nothing changed.\n",
    )
    digest = rollout("digest --format json --at 2026-03-09T09:00:00Z").answer
    assert [(each["summary"], each["by"]) for each in digest["quality_saves"]] == [
        ("A second payout run was stopped.", "UMEI")
    ]


def test_without_a_name_it_was_whoever_says_so(rollout: Rollout, refunds: str) -> None:
    assert rollout(f"{SAVE} {AT}").status == 0
    digest = rollout("digest --format json --at 2026-03-09T09:00:00Z").answer
    assert [each["by"] for each in digest["quality_saves"]] == ["tester"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("save refunds_agent --summary ' ' --as UEVE", "Say what was caught"),
        ("save refunds_agnt --summary x --as UEVE", "Did you mean refunds_agent?"),
        ("save refunds_agent --summary x --as agent:bot", "a person must do it"),
    ],
)
def test_what_is_no_save_is_refused_in_a_sentence(rollout: Rollout, refunds: str, line: str, why: str) -> None:
    refused = rollout(f"{line} {AT}")
    assert (refused.status, refused.out, why in refused.err) == (1, "", True)
