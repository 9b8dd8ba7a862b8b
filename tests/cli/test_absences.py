"""Being away, at the command line."""

import json

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"


def test_someone_is_away_and_their_deputy_acts_and_the_record_says_why(rollout: Rollout, refunds: str) -> None:
    away = rollout(f"away --until 2026-03-13 --deputy UMAX --as UANA {AT}")
    assert (away.status, away.answer) == (0, {"id": "UANA", "until": "2026-03-13", "deputy": "UMAX"})
    assert rollout(f"away {AT}").answer == {
        "away": [
            {"id": "UANA", "since": "2026-03-09T10:00:00.000000Z", "until": "2026-03-13", "deputy": "UMAX"},
        ]
    }
    assert "→ @UANA (away until Fri 13 Mar, @UMAX stands in)" in rollout(f"status refunds_agent {AT}").out
    assert rollout(f"pause refunds_agent --reason x --as UMAX {AT}").status == 0
    record = json.loads(rollout("audit export").out.splitlines()[-1])
    ana = rollout("privacy export UANA").answer["id"]
    assert record["details"]["allowed_because"] == f"deputy of {ana}, accountable owner of refunds_agent"
    assert rollout(f"away --back --as UANA {AT}").answer == {"id": "UANA", "until": None, "deputy": None}
    assert rollout(f"resume refunds_agent --reason x --as UMAX {AT}").status == 1
    assert rollout(f"away {AT}").answer == {"away": []}


def test_an_absence_is_over_after_its_last_day(rollout: Rollout, refunds: str) -> None:
    rollout(f"away --until 2026-03-13 --as UANA {AT}")
    assert rollout("away --at 2026-03-14T10:00:00Z").answer == {"away": []}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--deputy UMAX", "A deputy stands in until a day: give it with --until DATE.\n"),
        ("--back --until 2026-03-13", "--back ends an absence, so it goes without --until and --deputy.\n"),
    ],
)
def test_options_that_do_not_go_together_are_bad_usage(rollout: Rollout, options: str, told: str) -> None:
    refused = rollout(f"away {options}")
    assert (refused.status, refused.err) == (2, told)
