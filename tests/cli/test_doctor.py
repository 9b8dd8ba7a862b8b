"""`rollout doctor`: every check says what is wrong and the mend, and one problem makes it fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.checkup import CHECKS
from tests.cli.conftest import Ran, Rollout
from tests.cli.slack_server import Answers, serving

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Answers]:
    """A workspace in which everything is in order, and the settings for it."""
    answers = Answers(
        methods={
            "auth.test": {"ok": True, "user": "rollout", "team": "Harbour"},
            "apps.connections.open": {"ok": True, "url": "ws://127.0.0.1:1/"},
        },
        channels={
            "C0SUPPORT": {"id": "C0SUPPORT", "name": "support", "is_member": True},
            "C0LEADERS": {"id": "C0LEADERS", "name": "leaders", "is_member": True, "is_private": True},
        },
        scopes="commands,chat:write,users:read",
    )
    manifest = tmp_path / "app.yaml"
    manifest.write_text("oauth_config: {scopes: {bot: [commands, 'chat:write']}}\n")
    monkeypatch.setattr("bot.cli.slack_checks.MANIFEST", manifest)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-a-test")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-of-a-test")
    monkeypatch.setenv("ROLLOUT_DIGEST_CHANNEL", "C0LEADERS")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(answers) as address:
        monkeypatch.setenv("SLACK_API_URL", address)
        yield answers


def told_of(name: str, ran: Ran) -> list[str]:
    """The lines about one check, each followed by its mend."""
    lines = ran.out.splitlines()
    starts = [n for n, line in enumerate(lines) if f" · {name}: " in line]
    return [
        line.removesuffix("\n")
        for n in starts
        for line in (lines[n], *lines[n + 1 : n + 2])
        if line is lines[n] or line.startswith("    ")
    ]


def test_a_sound_installation_passes_every_check(
    rollout: Rollout, support: str, slack: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_ADMINS", "UADMIN")
    examined = rollout("doctor")
    verdicts = {
        line.split(" · ")[1].split(":")[0]: line.split(" · ")[0] for line in examined.out.splitlines() if " · " in line
    }
    sound = {"settings": "ok", **{check.name: "ok" for check in CHECKS}}
    # An old SQLite library is a warning, on machines that have one.
    assert verdicts | {"database": "ok"} == sound
    assert (examined.status, examined.err) == (0, "")
    assert told_of("scopes", examined) == ["ok · scopes: All 2 scopes of app.yaml are granted."]


def test_wrong_settings_are_all_named_and_nothing_else_is_looked_at(
    rollout: Rollout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_TIMEZONE", "Lisbon")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "hunter2")
    examined = rollout("doctor")
    assert (examined.status, len(examined.out.splitlines())) == (1, 2)
    assert [line.split(": ")[0] for line in examined.out.splitlines()] == ["problem · settings"] * 2
    assert "hunter2" not in examined.out


def test_a_database_that_is_not_there_is_a_problem_with_its_mend(rollout: Rollout, tmp_path: Path) -> None:
    examined = rollout("doctor --db sqlite:///nowhere.db")
    assert examined.status == 1
    assert told_of("database", examined) == [
        f"problem · database: There is no database at {tmp_path}/nowhere.db yet; make it with `rollout db upgrade`."
    ]
    assert told_of("tables", examined) == [
        "left out · tables: Not looked at as long as something is wrong with: database."
    ]


def test_without_tokens_the_slack_checks_say_what_to_set(rollout: Rollout) -> None:
    examined = rollout("doctor")
    assert examined.status == 1
    assert told_of("bot token", examined) == [
        "problem · bot token: SLACK_BOT_TOKEN is not set, so the bot cannot speak with Slack.",
        "    Copy the Bot User OAuth Token (xoxb-…) from your Slack app's pages; `rollout demo` needs none.",
    ]
    assert told_of("connection", examined)[1] == (
        "    Set the app-level token (xapp-…) for Socket Mode, or the signing secret for HTTP."
    )


def test_http_needs_only_the_signing_secret(rollout: Rollout, slack: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_APP_TOKEN")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef")
    assert told_of("connection", rollout("doctor")) == [
        "ok · connection: HTTP on 127.0.0.1 port 3000; requests must carry Slack's signature."
    ]


def test_a_token_that_slack_refuses_is_a_problem(rollout: Rollout, slack: Answers) -> None:
    slack.methods["auth.test"] = {"ok": False, "error": "token_revoked"}
    slack.methods["apps.connections.open"] = {"ok": False, "error": "not_allowed_token_type"}
    examined = rollout("doctor")
    assert examined.status == 1
    assert told_of("bot token", examined) == [
        "problem · bot token: Slack refuses SLACK_BOT_TOKEN (token_revoked).",
        "    Install the app into the workspace again and copy the new token.",
    ]
    assert told_of("connection", examined) == [
        "problem · connection: Slack refuses SLACK_APP_TOKEN (not_allowed_token_type).",
        "    Make an app-level token with the scope connections:write, and switch Socket Mode on.",
    ]


def test_missing_scopes_are_named(rollout: Rollout, slack: Answers) -> None:
    slack.scopes = "users:read, commands"
    examined = rollout("doctor")
    assert (examined.status, told_of("scopes", examined)) == (
        1,
        [
            "problem · scopes: The bot token lacks the scopes chat:write.",
            "    Add them under OAuth & Permissions (or paste app.yaml as the app's manifest) and install the app "
            "again.",
        ],
    )


def test_scopes_that_slack_does_not_tell_are_only_a_warning(rollout: Rollout, support: str, slack: Answers) -> None:
    slack.scopes = None
    examined = rollout("doctor")
    assert (examined.status, told_of("scopes", examined)[0]) == (
        0,
        "warning · scopes: Slack did not say which scopes the token has.",
    )


def test_channels_are_looked_at_one_by_one(rollout: Rollout, support: str, slack: Answers) -> None:
    for name, channel in (("Gone", "C0GONE"), ("Old", "C0OLD"), ("Secret", "C0SECRET"), ("Open", "C0OPEN")):
        rollout(f"team add {name} --channel {channel} --lead ULEAD --timezone UTC --approvers UAPP UAPQ")
    slack.channels["C0OLD"] = {"name": "old", "is_archived": True, "is_member": True}
    slack.channels["C0SECRET"] = {"name": "secret", "is_private": True, "is_member": False}
    slack.channels["C0OPEN"] = {"name": "open", "is_private": False, "is_member": False}
    examined = rollout("doctor")
    assert examined.status == 1
    assert [line for line in told_of("team channels", examined) if not line.startswith(" ")] == [
        "problem · team channels: The channel of Gone (C0GONE) cannot be seen by the bot (channel_not_found).",
        "problem · team channels: The channel of Old, #old, is archived.",
        "warning · team channels: The channel of Open, #open, can be posted to, but the bot is not in it, so it can "
        "add no pictures there.",
        "problem · team channels: The channel of Secret, #secret, is private and the bot is not in it.",
        "ok · team channels: The channel of Support, #support, is reached.",
    ]


def test_a_digest_without_a_channel_is_a_warning(
    rollout: Rollout, support: str, slack: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ROLLOUT_DIGEST_CHANNEL")
    examined = rollout("doctor")
    assert (examined.status, told_of("digest channel", examined)[0]) == (
        0,
        "warning · digest channel: ROLLOUT_DIGEST_CHANNEL is not set, so leaders get no Monday digest.",
    )


def test_a_program_that_nobody_administers_is_told(rollout: Rollout, slack: Answers) -> None:
    examined = rollout("doctor")
    assert (examined.status, told_of("admins", examined)) == (
        0,
        [
            "warning · admins: Nobody administers, so nobody is told when a digest can't be posted, and no source is "
            "mapped in Slack.",
            "    Set ROLLOUT_ADMINS to the ids of people or of a user group.",
        ],
    )


@pytest.mark.parametrize(
    ("approvers", "sentence"),
    [
        ("", "For Sales there is nobody who can approve, and nobody approves their own request."),
        ("--approvers UAPP", "For Sales there is one person who can approve, and nobody approves their own request."),
    ],
)
def test_a_team_in_which_too_few_can_approve_is_told(
    rollout: Rollout, slack: Answers, approvers: str, sentence: str
) -> None:
    rollout(f"team add Sales {approvers} --channel C0SUPPORT --lead ULEAD --timezone UTC")
    examined = rollout("doctor")
    assert (examined.status, told_of("approvers", examined)[:2]) == (
        0,
        [
            f"warning · approvers: {sentence}",
            "    Name at least two people in ROLLOUT_APPROVERS or with `rollout team edit NAME --approvers U1 U2`.",
        ],
    )


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"ok": True, "users": ["U1", "U2"]}, ["ok · approvers: Who can approve was looked up for every team."]),
        (
            {"ok": True, "users": ["U1"]},
            [
                "warning · approvers: The settings name one person who can approve, and nobody approves their own "
                "request.",
                "    Name at least two people in ROLLOUT_APPROVERS or with `rollout team edit NAME --approvers U1 U2`.",
            ],
        ),
    ],
)
def test_user_groups_in_the_settings_are_unfolded(
    rollout: Rollout,
    slack: Answers,
    monkeypatch: pytest.MonkeyPatch,
    answer: dict[str, object],
    told: list[str],
) -> None:
    monkeypatch.setenv("ROLLOUT_APPROVERS", "S0APPROVERS")
    slack.methods["usergroups.users.list"] = answer
    assert told_of("approvers", rollout("doctor")) == told


def test_a_user_group_that_slack_does_not_show_is_named(
    rollout: Rollout, slack: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_APPROVERS", "S0APPROVERS")
    slack.methods["usergroups.users.list"] = {"ok": False, "error": "no_such_subteam"}
    first, mend, *_ = told_of("approvers", rollout("doctor"))
    assert first == (
        "warning · approvers: Slack does not say who is in the user group S0APPROVERS (no_such_subteam), "
        "so nobody approves through it."
    )
    assert mend == ("    Correct its id in ROLLOUT_APPROVERS or ROLLOUT_ADMINS, or grant the scope usergroups:read.")


def test_a_slack_that_does_not_answer_is_a_problem_and_no_traceback(
    rollout: Rollout, slack: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    examined = rollout("doctor")
    assert (examined.status, examined.err) == (1, "")
    assert told_of("bot token", examined) == [
        "problem · bot token: Slack did not answer at http://127.0.0.1:1/api/ (URLError).",
        "    Check the network, a proxy, and SLACK_API_URL, then try again.",
    ]
