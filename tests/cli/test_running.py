"""`rollout demo` and `rollout run`: what they hand on to the bot."""

import sys
import threading
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

from bot.wiring import await_end
from tests.cli.conftest import Rollout


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was handed to the demo or the bot, in place of starting them."""
    found: list[Any] = []
    wiring, demo = ModuleType("bot.wiring"), ModuleType("bot.demo")
    vars(wiring)["run"] = found.append
    vars(demo)["launch"] = lambda **given: found.append(given)
    monkeypatch.setitem(sys.modules, "bot.wiring", wiring)
    monkeypatch.setitem(sys.modules, "bot.demo", demo)
    return found


def test_the_demo_gets_its_port_clock_and_database(anywhere: Rollout, handed: list[Any]) -> None:
    assert anywhere("demo --port 8123 --at 2026-03-02T09:00:00Z --fresh --no-open --db sqlite:///mine.db").status == 0
    assert handed == [
        {
            "port": 8123,
            "at": datetime(2026, 3, 2, 9, tzinfo=UTC),
            "fresh": True,
            "open_page": False,
            "database_url": "sqlite:///mine.db",
        }
    ]


def test_the_demo_never_takes_the_database_of_the_environment(
    anywhere: Rollout, handed: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_DATABASE_URL", "sqlite:///the-real-one.db")
    anywhere("demo")
    assert handed == [{"port": None, "at": None, "fresh": False, "open_page": True, "database_url": None}]


def test_a_port_out_of_range_is_bad_usage(anywhere: Rollout, handed: list[Any]) -> None:
    assert (anywhere("demo --port 70000").status, handed) == (2, [])


def test_the_bot_gets_the_settings(anywhere: Rollout, handed: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-a-test")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-of-a-test")
    assert anywhere("run --db sqlite:///mine.db").status == 0
    (settings,) = handed
    assert (settings.mode, settings.database_url.get_secret_value()) == ("socket", "sqlite:///mine.db")


def test_without_tokens_the_bot_does_not_start(anywhere: Rollout, handed: list[Any]) -> None:
    refused = anywhere("run")
    assert (refused.status, refused.out, handed) == (2, "", [])
    assert ["SLACK_BOT_TOKEN" in refused.err, "SLACK_APP_TOKEN" in refused.err] == [True, True]


def test_a_signal_that_comes_just_before_the_wait_for_it_is_not_slept_through() -> None:
    class Unwoken(threading.Event):
        """Set meanwhile, as by a signal, without anybody being woken."""

        def wait(self, timeout: float | None = None) -> bool:
            assert timeout is not None, "This wait would never end."
            heard = self.is_set()
            self.set()
            return heard

    over = Unwoken()
    await_end(over)
    assert over.is_set()
