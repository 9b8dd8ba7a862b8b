"""What the command line refuses: a plain sentence on standard error, nothing on standard output, nothing changed."""

from pathlib import Path

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"


def transcript(name: str) -> list[tuple[str, str]]:
    """The command lines in a file beside this one, each with the sentence that answers it."""
    told = (Path(__file__).parent / name).read_text("utf-8")
    turns = (turn.split("\n", 1) for turn in told.strip().split("\n\n"))
    return [(line.removeprefix("$ rollout "), sentence) for line, sentence in turns]


@pytest.mark.parametrize(("line", "sentence"), transcript("refused.txt"))
def test_what_the_rules_refuse_is_one_sentence_with_status_1(
    rollout: Rollout, refunds: str, line: str, sentence: str
) -> None:
    before = rollout(f"status --format json {AT}").out
    refused = rollout(f"{line} {AT}")
    assert (refused.status, refused.out, refused.err) == (1, "", f"{sentence}\n")
    assert rollout(f"status --format json {AT}").out == before


@pytest.mark.parametrize(("line", "sentence"), transcript("bad_usage.txt"))
def test_what_cannot_be_understood_is_one_sentence_with_status_2(rollout: Rollout, line: str, sentence: str) -> None:
    refused = rollout(line)
    assert (refused.status, refused.out, refused.err) == (2, "", f"{sentence}\n")


def test_nobody_decides_what_they_asked_for_themselves(rollout: Rollout, refunds: str) -> None:
    request = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UAPP {AT}").answer[
        "request"
    ]
    refused = rollout(f"approve {request} --as UAPP {AT}")
    assert (refused.status, refused.err) == (1, "You can't decide this: you asked for it. UAPQ can.\n")


def test_someone_who_is_no_approver_decides_nothing(rollout: Rollout, refunds: str) -> None:
    request = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UANA {AT}").answer[
        "request"
    ]
    refused = rollout(f"decline {request} --reason no --as ULEAD {AT}")
    assert (refused.status, refused.err) == (1, "You can't decide this request: UAPP or UAPQ can.\n")


def test_what_was_decided_is_not_decided_again(rollout: Rollout, refunds: str) -> None:
    request = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UANA {AT}").answer[
        "request"
    ]
    rollout(f"approve {request} --as UAPP {AT}")
    refused = rollout(f"decline {request} --reason no --as UAPQ {AT}")
    assert (refused.status, refused.err) == (
        1,
        "This request was already approved by UAPP on 9 Mar 2026 at 10:00 UTC, so nothing changed.\n",
    )


def test_only_the_asker_takes_a_request_back(rollout: Rollout, refunds: str) -> None:
    request = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UANA {AT}").answer[
        "request"
    ]
    refused = rollout(f"withdraw {request} --as UAPP {AT}")
    assert (refused.status, refused.err) == (1, "Only UANA, who asked for it, can take this request back.\n")


def test_a_request_that_nobody_decided_in_seven_days_no_longer_waits(rollout: Rollout, refunds: str) -> None:
    request = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UANA {AT}").answer[
        "request"
    ]
    assert rollout("requests --at 2026-03-16T10:00:00Z").answer == {"requests": []}
    refused = rollout(f"approve {request} --as UAPP --at 2026-03-16T10:00:00Z")
    assert (refused.status, refused.err) == (
        1,
        "This request lapsed after seven days without a decision; ask again if it is still needed.\n",
    )


def test_a_late_start_date_without_a_reason_says_how_to_ask(rollout: Rollout, refunds: str) -> None:
    refused = rollout("edit refunds_agent --start 2026-03-09 --as UANA --at 2026-03-20T09:00:00Z")
    assert (refused.status, refused.err) == (
        2,
        "refunds_agent is past day 15, so a new start date needs an approver: say with --reason TEXT why it was wrong, "
        "and it will be asked for.\n",
    )


def test_an_edit_that_asks_for_a_late_start_changes_nothing_else_if_it_is_refused(
    rollout: Rollout, refunds: str
) -> None:
    refused = rollout(
        "edit refunds_agent --name other --start 2026-03-09 --reason ' ' --as UANA --at 2026-03-20T09:00:00Z"
    )
    assert refused.status == 1
    assert rollout("status refunds_agent").status == 0


def test_a_reviewer_to_clear_is_named_where_there_are_several(rollout: Rollout, refunds: str) -> None:
    for who in ("UREV", "UREW"):
        rollout(f"role set refunds_agent reviewer {who} --as ULEAD {AT}")
    refused = rollout(f"role clear refunds_agent reviewer --as ULEAD {AT}")
    assert (refused.status, refused.err) == (
        2,
        "refunds_agent has 2 of these: say whose role ends (UREV, UREW).\n",
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            f"pause refunds_agent --as UANA {AT} --reason",
            "This contains a character that can't be stored (NUL or half a character): remove it.",
        ),
        (
            "approve --as UAPP",
            "The text holds a NUL character, which cannot be saved; remove it and try again.",
        ),
        (
            f"start --team Support --start 2026-03-02 {AT}",
            "A workflow's name is made of the letters a to z, digits, _ and -, and begins with a letter or digit, "
            "for instance refunds_agent: it is typed in commands and policy files.",
        ),
    ],
)
def test_a_character_that_cannot_be_stored_is_refused(rollout: Rollout, refunds: str, line: str, sentence: str) -> None:
    refused = rollout(line, "a\0b")
    assert (refused.status, refused.out, refused.err) == (1, "", f"{sentence}\n")


def test_words_that_are_too_long_are_refused_with_the_limit(rollout: Rollout, refunds: str) -> None:
    refused = rollout(f"pause refunds_agent --as UANA {AT} --reason", "x" * 3001)
    assert (refused.status, refused.err) == (
        1,
        "This has 3,001 characters and at most 3,000 fit: shorten it, or link to a document.\n",
    )


def test_a_name_that_would_steer_the_terminal_is_told_without_its_controls(rollout: Rollout) -> None:
    refused = rollout("status", "\x1b[31mred")
    assert (refused.status, "\x1b" in refused.err) == (1, False)
