"""`rollout policy add`, `edit`, `list` and `show`: the registry of policies."""

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"
ADD = "policy add 'Refund limits' --area financial_actions --text 'At most $100.' --owner UEVE --review-on 2026-06-01"


def test_a_policy_is_added_edited_listed_and_shown(rollout: Rollout, refunds: str) -> None:
    added = rollout(f"{ADD} --as UANA {AT}")
    id_ = added.answer["id"]
    assert added.answer == {"id": id_, "version": 1}
    edited = rollout(f"policy edit 'refund limits' --link https://x.example/refunds --as UEVE {AT}")
    assert edited.answer == {"id": id_, "version": 2}
    rollout(f"deviation open refunds_agent --text 'Sent $300.' --policy 'REFUND LIMITS' --as UMAX {AT}")
    now = {
        "version": 2,
        "area": "financial_actions",
        "link": "https://x.example/refunds",
        "owner": "UEVE",
        "review_on": "2026-06-01",
        "written_by": "UEVE",
        "at": "2026-03-09T10:00:00.000000Z",
    }
    first = now | {"version": 1, "link": None, "written_by": "UANA", "text": "At most $100."}
    listed = {"id": id_, "name": "Refund limits", "due": False, **now}
    assert rollout(f"policy list {AT}").answer == {"policies": [listed]}
    shown = rollout(f"policy show 'Refund limits' {AT}").answer
    (deviation,) = shown.pop("deviations")
    assert shown == listed | {"text": None, "versions": [now | {"text": None}, first]}
    assert (deviation["workflow"], deviation["title"]) == ("refunds_agent", "Sent $300.")
    assert rollout("audit verify").answer["ok"]


def test_lists_are_narrowed_by_words_and_area_and_say_which_reviews_are_due(rollout: Rollout, refunds: str) -> None:
    rollout(f"{ADD} --as UANA {AT}")
    rollout(
        f"policy add Logs --area security --link https://x.example --owner UBEN --review-on 2026-09-01 --as ULEAD {AT}"
    )
    assert rollout("policy list --format text --at 2026-06-01T00:00:00Z").out == (
        "Logs (security, version 1) → @UBEN, review on Tue 1 Sep: https://x.example\n"
        "Refund limits (financial actions, version 1) → @UEVE, review was due on Mon 1 Jun: At most $100.\n"
    )

    def names(line: str) -> list[str]:
        return [each["name"] for each in rollout(f"policy list {line}").answer["policies"]]

    assert (names("--area security"), names("refund '$100'"), names("logs")) == (["Logs"], ["Refund limits"], ["Logs"])
    assert rollout("policy list nothing --format text").out == "No policy is like that.\n"
    assert rollout("policy show logs --format text --at 2026-06-01T00:00:00Z").out == (
        "Logs · security · version 1\nOwner @UBEN; review on Tue 1 Sep\n\nhttps://x.example\n\n"
        "  version 1 by @ULEAD on 9 Mar 2026, 10:00 (UTC)\n"
    )


def test_an_empty_registry_says_how_it_begins(rollout: Rollout) -> None:
    assert rollout("policy list --format text").out == "There is no policy yet. Add one with `rollout policy add`.\n"


@pytest.mark.parametrize(
    ("line", "status", "why"),
    [
        (f"{ADD} --as UMAX", 1, "You can't change the registry of policies: whoever leads a team"),
        (f"{ADD} --link https://x.example --as UANA", 1, "A policy has its words here or under a link, not both"),
        (f"{ADD.replace('--text', '--link')} --as UANA", 1, "A link is a web address that begins with https://"),
        (f"{ADD.replace('2026-06-01', '2026-03-08')} --as UANA", 1, "The day of the next review is still to come"),
        (f"{ADD.replace('UEVE', 'eve')} --as UANA", 2, "'eve' is no Slack user id"),
        (f"{ADD.replace('financial_actions', 'money')} --as UANA", 2, "'money' is not one of"),
        ("policy edit 'Refund limits' --as UANA", 2, "Nothing was changed: give at least one of --area"),
        ("policy edit 'Refund limit' --text x --as UANA", 1, "There is no policy 'Refund limit'."),
        ("policy show nothing", 1, "There is no policy 'nothing'. The command policy list shows those that exist."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    rollout: Rollout, refunds: str, line: str, status: int, why: str
) -> None:
    refused = rollout(f"{line} {AT}")
    assert (refused.status, refused.out, why in refused.err) == (status, "", True), refused.err
    assert rollout("policy list").answer == {"policies": []}


def test_words_that_were_erased_are_missed_and_no_words_of_their_own(
    rollout: Rollout, refunds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_ADMINS", "UADA")
    rollout(f"{ADD} --as UANA {AT}")
    rollout(f"privacy erase UANA --reason 'They left.' --as UADA {AT}")
    assert rollout(f"policy show 'Refund limits' {AT}").answer["text"] is None
    assert "\nerased\n" in rollout(f"policy show 'Refund limits' --format text {AT}").out
    assert rollout(f"policy list --format text {AT}").out.strip().endswith(": erased")
