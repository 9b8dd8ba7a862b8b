"""`rollout deviation` and `rollout drill`."""

import pytest

from bot.domain.deviations import DeviationArea
from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"


def test_a_deviation_is_opened_listed_and_closed(rollout: Rollout, refunds: str) -> None:
    opened = rollout(
        f"deviation open refunds_agent --text 'Logs were off.' --area security --policy 'log retention' --as UEVE {AT}"
    )
    id_ = opened.answer["id"]
    assert opened.answer == {"id": id_, "due": "2026-03-23"}
    entry = {
        "id": id_,
        "workflow": "refunds_agent",
        "area": "security",
        "title": "Logs were off.",
        "text": "Logs were off.",
        "policy": "log retention",
        "owner": "UANA",
        "due": "2026-03-23",
        "state": "open",
        "opened_at": "2026-03-09T10:00:00.000000Z",
        "closed_at": None,
        "reason": None,
    }
    assert rollout("deviation list refunds_agent").answer == {"deviations": [entry]}
    assert rollout("deviation list --as UMAX").answer == {"deviations": [entry | {"text": None}]}
    assert rollout("deviation list --format text").out == (
        f"{id_}: Logs were off. (refunds_agent, security) → @UANA, due Mon 23 Mar 2026\n"
    )
    closed = rollout(f"deviation close {id_} --reason 'On again.' --as UANA {AT}")
    assert closed.answer == {"id": id_, "state": "closed"}
    assert rollout("deviation list --format text").out == "No deviation is open.\n"
    (after,) = rollout("deviation list --all").answer["deviations"]
    assert after == entry | {
        "state": "closed",
        "closed_at": "2026-03-09T10:00:00.000000Z",
        "reason": "On again.",
    }


def test_every_area_can_be_named(rollout: Rollout, refunds: str) -> None:
    for area in DeviationArea:
        opened = rollout(
            f"deviation open refunds_agent --text x --area {area} --owner UBEN --due 2026-03-10 --as UEVE {AT}"
        )
        assert opened.status == 0


def test_a_rollback_drill_is_recorded(rollout: Rollout, refunds: str) -> None:
    held = rollout(f"drill rollback refunds_agent --minutes 12.5 --evidence https://x.example/1 --as UANA {AT}")
    assert held.answer == {"id": held.answer["id"], "kind": "rollback", "seconds": "750.0"}
    assert "[done] rehearse_rollback" in rollout(f"checklist refunds_agent {AT}").out
    wrong = rollout(f"drill rollback refunds_agent --minutes soon --evidence https://x.example/1 --as UANA {AT}")
    assert (wrong.status, "'soon' is no plain number" in wrong.err) == (2, True)
    none = rollout(f"drill rollback refunds_agent --minutes 0 --evidence https://x.example/1 --as UANA {AT}")
    assert (none.status, "give the time that was measured" in none.err) == (1, True)
