"""`rollout seats`: set for a team, listed for all, and judged by the rule of the digest."""

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"
SET = "seats set Support --tier pro --people 10 --trained 7 --cost-usd-month 240.50"


def test_seats_are_set_and_listed(rollout: Rollout, refunds: str) -> None:
    done = rollout(f"{SET} --as ULEAD {AT}")
    assert done.answer == {"id": done.answer["id"], "source": "typed", "recorded": True}
    again = rollout(f"{SET} --as UANA {AT}")
    assert (again.answer["recorded"], again.err) == (False, "It stands so already, so nothing changed.\n")
    entry = {
        "team": "Support",
        "trained_share": 0.7,
        "needed_share": 0.8,
        "asked": False,
        "holds": False,
        "tier": "pro",
        "people": 10,
        "trained": 7,
        "cost_usd_month": "240.50",
    }
    assert rollout(f"seats list {AT}").answer == {"seats": [entry]}
    assert rollout(f"seats list --format text {AT}").out == (
        "Team     Enough?     Tier  People  Trained   $ a month\nSupport  (✗ < 80 %)  pro   10      7 (70 %)  240.5\n"
    )


def test_seats_from_elsewhere_count_the_same(rollout: Rollout, refunds: str, tmp_path: object) -> None:
    rollout(f"{SET} --as ULEAD {AT}")
    with open("seats.csv", "w") as file:
        file.write("type,source,team,at,tier,people,trained,cost_usd_month\n")
        file.write("seat,hr,Support,2026-03-10T10:00:00Z,pro,10,8,240.5\n")
    assert rollout("ingest seats.csv --at 2026-03-10T10:00:00Z").answer["accepted"] == 1
    (found,) = rollout("seats list --at 2026-03-10T11:00:00Z").answer["seats"]
    assert (found["trained"], found["holds"]) == (8, True)


def test_without_teams_the_list_says_how_to_begin(rollout: Rollout) -> None:
    assert rollout("seats list --format text").out == "There is no team yet. Make one with `rollout team add`.\n"
    assert rollout("seats list").answer == {"seats": []}


@pytest.mark.parametrize(
    ("line", "status", "why"),
    [
        (f"{SET} --as UMAX", 1, "You can't change this team's seats: ULEAD can."),
        (f"{SET.replace('trained 7', 'trained 11')} --as ULEAD", 1, "trained is 11 and people only 10."),
        (f"{SET.replace('Support', 'Suport')} --as ULEAD", 1, "Did you mean Support?"),
        (f"{SET.replace('240.50', '1e9')} --as ULEAD", 2, "'1e9' is no plain number"),
        (f"{SET.replace('people 10', 'people ten')} --as ULEAD", 2, "Invalid value for '--people'"),
    ],
)
def test_what_is_no_number_of_seats_is_refused(
    rollout: Rollout, refunds: str, line: str, status: int, why: str
) -> None:
    refused = rollout(f"{line} {AT}")
    assert (refused.status, refused.out, why in refused.err) == (status, "", True), refused.err
