"""`rollout search`: what it prints, for programs and for people."""

from pathlib import Path

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"
MEMO = """---
title: We keep the vendor
category: other
reversible: true
workflow: refunds_agent
---

## Decision

It is cheaper.

## Context

None.

## Options considered

None.
"""


def test_a_memo_is_found_by_the_beginnings_of_its_words(rollout: Rollout, refunds: str) -> None:
    Path("memo.md").write_text(MEMO, "utf-8")
    memo = rollout(f"memo file memo.md --as UANA {AT}").answer["id"]
    hit = {
        "kind": "memo",
        "id": memo,
        "title": "We keep the vendor",
        "workflow": "refunds_agent",
        "state": "in force",
        "at": "2026-03-09T10:00:00.000000Z",
    }
    assert rollout("search vend cheap").answer == {"hits": [hit], "more": False}
    assert rollout("search vend --format text").out == (
        f"{memo}: memo of refunds_agent, We keep the vendor (in force), 9 Mar 2026, 10:00 (UTC)\n"
    )
    assert rollout("search dearer --format text").out == "Nothing that you may see holds all of these words.\n"


def test_without_a_word_it_says_what_to_give(rollout: Rollout, refunds: str) -> None:
    refused = rollout("search ---- --")
    assert (refused.status, refused.out) == (2, "")
    assert "which words to look for" in rollout("search %").err
