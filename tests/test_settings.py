"""The settings: said all at once what is wrong, with the mend, and never a secret."""

import traceback
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.errors import RolloutError
from bot.settings import Settings, SettingsError, describe
from bot.wiring import signing_secrets

BOT_TOKEN = "xoxb-1-bottoken"
APP_TOKEN = "xapp-1-apptoken"
SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    """What is wrong with `environ`."""
    with pytest.raises(SettingsError) as caught:
        Settings.read(environ)
    return caught.value.problems


def test_nothing_set_gives_the_defaults() -> None:
    settings = Settings.read({})
    assert settings.database_url.get_secret_value() == "sqlite:///rollout.db"
    assert settings.model_dump(exclude={"database_url"}) == {
        "slack_bot_token": None,
        "slack_app_token": None,
        "slack_signing_secret": None,
        "slack_signing_secret_previous": None,
        "slack_signing_secret_previous_until": None,
        "slack_api_url": "https://slack.com/api/",
        "admins": (),
        "approvers": (),
        "digest_channel": None,
        "digest_shared_channels": (),
        "link_hosts": (),
        "timezone": "UTC",
        "cli_approvals": False,
        "openai_api_key": None,
        "openai_base_url": "https://api.openai.com/v1",
        "openai_model": "gpt-5.4-mini",
        "sources": None,
        "private_hosts": (),
        "github_token": None,
        "github_api_url": "https://api.github.com",
        "github_webhook_secret": None,
        "jira_token": None,
        "jira_api_url": "",
        "linear_token": None,
        "linear_api_url": "https://api.linear.app",
        "pagerduty_token": None,
        "pagerduty_api_url": "https://api.pagerduty.com",
        "incident_io_token": None,
        "incident_io_api_url": "https://api.incident.io",
        "langfuse_token": None,
        "langfuse_api_url": "https://cloud.langfuse.com",
        "langsmith_token": None,
        "langsmith_api_url": "https://api.smith.langchain.com",
        "source_tokens": {},
        "port": 3000,
        "host": "127.0.0.1",
        "log_level": "info",
    }


def test_everything_set_is_read_and_what_is_not_ours_is_left_alone() -> None:
    settings = Settings.read(
        {
            "PATH": "/bin",
            "ROLLOUT_DATABASE_URL": "postgresql+psycopg://rollout:word@db/rollout",
            "SLACK_API_URL": "http://127.0.0.1:4000/api",
            "ROLLOUT_ADMINS": "U0ANA",
            "ROLLOUT_APPROVERS": " U0ANA, W0RUI S042;\nU0ANA ",
            "ROLLOUT_DIGEST_CHANNEL": "C0LEADERS",
            "ROLLOUT_TIMEZONE": "Europe/Lisbon",
            "ROLLOUT_CLI_APPROVALS": "On",
            "ROLLOUT_PORT": "8080",
            "ROLLOUT_HOST": "0.0.0.0",
            "ROLLOUT_LOG_LEVEL": "DEBUG",
            "SLACK_SIGNING_SECRET_PREVIOUS": "old",
            "SLACK_SIGNING_SECRET_PREVIOUS_UNTIL": "2026-11-24",
        }
    )
    assert settings.database_url.get_secret_value() == "postgresql+psycopg://rollout:word@db/rollout"
    assert settings.slack_api_url == "http://127.0.0.1:4000/api/"
    assert (settings.admins, settings.approvers) == (("U0ANA",), ("U0ANA", "W0RUI", "S042"))
    assert (settings.digest_channel, settings.timezone) == ("C0LEADERS", "Europe/Lisbon")
    assert (settings.cli_approvals, settings.port, settings.host) == (True, 8080, "0.0.0.0")
    assert (settings.log_level, settings.slack_signing_secret_previous_until) == ("debug", date(2026, 11, 24))


def test_only_the_mapping_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROLLOUT_PORT", "1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("ROLLOUT_PORT=2")
    assert Settings.read({}) == Settings.read({"ROLLOUT_PORT": " "})
    assert Settings.read({}).port == 3000


def test_all_problems_are_told_at_once_each_with_its_variable_and_mend() -> None:
    told = problems(
        {
            "ROLLOUT_DATABASE_URL": "mysql://root:hidden@db/x",
            "SLACK_BOT_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": " ",
            "SLACK_API_URL": "http://slack.example/api/",
            "ROLLOUT_APPROVERS": "@ana, U0ANA, rui@example.com",
            "ROLLOUT_DIGEST_CHANNEL": "#leaders",
            "ROLLOUT_TIMEZONE": "Lisbon",
            "ROLLOUT_CLI_APPROVALS": "yes",
            "ROLLOUT_PORT": "70000",
            "ROLLOUT_HOST": "all of them",
            "ROLLOUT_LOG_LEVEL": "loud",
        }
    )
    assert told == (
        "SLACK_SIGNING_SECRET is empty, so anybody could sign requests: copy it from your Slack app's Basic "
        "Information, or set SLACK_APP_TOKEN for Socket Mode.",
        "ROLLOUT_DATABASE_URL is no database address that Rollout knows: write sqlite:///rollout.db for a file, "
        "or postgresql://user:password@host/name.",
        'SLACK_BOT_TOKEN is no token that begins with "xoxb-": copy the Bot User OAuth Token '
        "(OAuth & Permissions) from your Slack app's pages.",
        "SLACK_API_URL is no https address (http is for this machine only, since tokens travel over it): leave it "
        "out for Slack itself, or write http://127.0.0.1:PORT/api/ for a local workspace.",
        "ROLLOUT_APPROVERS takes Slack user ids (U…, W…) or user-group ids (S…), not '@ana', 'rui@example.com': "
        "copy the member ID from the person's profile, or the group's ID from the end of its address.",
        "ROLLOUT_DIGEST_CHANNEL takes the id (C… or G…) at the end of the channel's details, not '#leaders'.",
        "ROLLOUT_TIMEZONE is not usable. There is no time zone 'Lisbon'. Did you mean Europe/Lisbon?",
        'ROLLOUT_CLI_APPROVALS is either "on" or "off", not \'yes\'.',
        "ROLLOUT_PORT is a whole number from 1 to 65535, not '70000'.",
        "ROLLOUT_HOST takes the name or address to listen on, such as 127.0.0.1 or 0.0.0.0, not 'all of them'.",
        "ROLLOUT_LOG_LEVEL is one of debug, info, warning, error, not 'loud'.",
    )


def test_the_errors_text_is_its_problems_one_a_line() -> None:
    error = SettingsError(("One.", "Two."))
    assert isinstance(error, RolloutError)
    assert str(error) == "One.\nTwo."


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
@pytest.mark.parametrize("token", ["xoxp-1-user", "xoxb-", "xapp-", "xoxb-a b", "xapp-a\nb", "token"])
def test_a_token_of_the_wrong_kind_is_refused(name: str, token: str) -> None:
    (problem,) = problems({name: token})
    assert problem.startswith(f"{name} is no token that begins with")


@pytest.mark.parametrize("number", ["0", "-1", "65536", "80.5", "٣٠٠٠", "1e3", "http"])
def test_a_port_is_a_whole_number_that_exists(number: str) -> None:
    assert problems({"ROLLOUT_PORT": number}) == (f"ROLLOUT_PORT is a whole number from 1 to 65535, not {number!r}.",)


@pytest.mark.parametrize(
    "url", ["ftp://slack.example", "slack.com/api", "http://[", "https://", "http://127.0.0.1.evil.example/"]
)
def test_tokens_travel_over_https_or_stay_on_this_machine(url: str) -> None:
    (problem,) = problems({"SLACK_API_URL": url})
    assert problem.startswith("SLACK_API_URL is no https address")


class TestMode:
    @pytest.mark.parametrize(
        ("given", "mode"),
        [
            ({}, "none"),
            ({"SLACK_BOT_TOKEN": BOT_TOKEN}, "none"),
            ({"SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": SIGNING}, "none"),
            ({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}, "socket"),
            ({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING}, "http"),
            (
                {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": SIGNING},
                "socket",
            ),
            ({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": ""}, "socket"),
        ],
    )
    def test_socket_mode_comes_before_http(self, given: dict[str, str], mode: str) -> None:
        assert Settings.read(given).mode == mode

    @pytest.mark.parametrize("blank", ["", " ", "\t\n"])
    def test_http_with_a_blank_signing_secret_is_refused(self, blank: str) -> None:
        (problem,) = problems({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": blank})
        assert problem.startswith("SLACK_SIGNING_SECRET is empty, so anybody could sign requests")

    def test_what_slack_needs_is_demanded_whole(self) -> None:
        with pytest.raises(SettingsError) as caught:
            Settings.read({"SLACK_BOT_TOKEN": " "}).demand_slack()
        assert caught.value.problems == (
            "SLACK_BOT_TOKEN is not set: copy the Bot User OAuth Token (xoxb-…) from your Slack app's pages.",
            "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: set the app-level token (xapp-…) for Socket "
            "Mode, which needs no public address, or the signing secret for HTTP.",
        )
        with pytest.raises(SettingsError, match=r"\ANeither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET"):
            Settings.read({"SLACK_BOT_TOKEN": BOT_TOKEN}).demand_slack()

    @pytest.mark.parametrize("second", [{"SLACK_APP_TOKEN": APP_TOKEN}, {"SLACK_SIGNING_SECRET": SIGNING}])
    def test_a_bot_token_and_one_way_in_are_enough(self, second: dict[str, str]) -> None:
        settings = Settings.read({"SLACK_BOT_TOKEN": BOT_TOKEN, **second})
        settings.demand_slack()
        assert settings.mode != "none"


class TestRotation:
    def test_the_previous_secret_is_accepted_until_its_day_is_over(self) -> None:
        settings = Settings.read(
            {
                "SLACK_SIGNING_SECRET": SIGNING,
                "SLACK_SIGNING_SECRET_PREVIOUS": "old",
                "SLACK_SIGNING_SECRET_PREVIOUS_UNTIL": "2026-11-24",
            }
        )
        secrets = signing_secrets(settings)
        assert secrets.valid_at(datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC)) == (SIGNING.encode(), b"old")
        assert secrets.valid_at(datetime(2026, 11, 25, tzinfo=UTC)) == (SIGNING.encode(),)

    def test_a_previous_secret_and_its_day_go_together(self) -> None:
        secret, until = "SLACK_SIGNING_SECRET_PREVIOUS", "SLACK_SIGNING_SECRET_PREVIOUS_UNTIL"
        assert problems({secret: "old"}) == (
            f"{secret} is set without {until}: say until which day it is accepted, as 2026-11-24.",
        )
        assert problems({until: "2026-11-24"}) == (f"{until} is set without {secret}: set both or neither.",)
        assert problems({secret: "old", until: "24/11/2026"}) == (
            f"{until} is no date: write year, month and day as 2026-11-24, not '24/11/2026'.",
        )


class TestSecrets:
    def test_a_secret_may_stand_in_a_file(self, tmp_path: Path) -> None:
        for name, text in (("bot", BOT_TOKEN), ("app", APP_TOKEN), ("db", "postgresql://u:word@db/x")):
            (tmp_path / name).write_text(f"{text}\n")
        settings = Settings.read(
            {
                "SLACK_BOT_TOKEN_FILE": str(tmp_path / "bot"),
                "SLACK_APP_TOKEN_FILE": str(tmp_path / "app"),
                "SLACK_APP_TOKEN": "",
                "ROLLOUT_DATABASE_URL_FILE": str(tmp_path / "db"),
            }
        )
        assert settings.mode == "socket"
        assert settings.database_url.get_secret_value() == "postgresql://u:word@db/x"

    def test_a_secrets_file_that_is_missing_doubled_empty_or_no_text_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "empty").write_text("\n")
        (tmp_path / "noise").write_bytes(b"\xff\xfe")
        missing, noise = str(tmp_path / "none"), str(tmp_path / "noise")
        told = problems(
            {
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_BOT_TOKEN_FILE": missing,
                "SLACK_APP_TOKEN_FILE": missing,
                "SLACK_SIGNING_SECRET_FILE": str(tmp_path / "empty"),
                "ROLLOUT_DATABASE_URL_FILE": noise,
            }
        )
        assert [problem.split(" ")[0] for problem in told] == [
            "ROLLOUT_DATABASE_URL_FILE",
            "SLACK_BOT_TOKEN",
            "SLACK_APP_TOKEN_FILE",
            "SLACK_SIGNING_SECRET",
        ]
        assert told[0].endswith("which cannot be read (it is not text): mend it.")
        assert told[1] == "SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set: keep the one that you mean."
        assert told[2].endswith("which cannot be read (No such file or directory): mend it.")

    def test_no_secret_shows_in_the_settings(self) -> None:
        settings = Settings.read(
            {
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_APP_TOKEN": APP_TOKEN,
                "SLACK_SIGNING_SECRET": SIGNING,
                "SLACK_SIGNING_SECRET_PREVIOUS": "previousword",
                "SLACK_SIGNING_SECRET_PREVIOUS_UNTIL": "2026-11-24",
                "ROLLOUT_DATABASE_URL": "postgresql://u:dbpassword@db/x",
            }
        )
        shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
        for secret in (BOT_TOKEN, APP_TOKEN, SIGNING, "previousword", "dbpassword"):
            assert secret not in shown

    @pytest.mark.parametrize("name", [name for name, _, _ in describe()])
    def test_a_token_shows_in_no_error_whatever_variable_it_went_into(self, name: str) -> None:
        environ = {name: "xoxb-astray secret", "ROLLOUT_LOG_LEVEL": "xoxb-astray"}
        with pytest.raises(SettingsError) as caught:
            Settings.read(environ)
        assert "astray" not in "".join(traceback.format_exception(caught.value))
        assert caught.value.__context__ is None


def test_every_setting_is_described_with_its_default() -> None:
    told = {name: (default, description) for name, default, description in describe()}
    assert len(told) == len(Settings.model_fields)
    assert told["ROLLOUT_DATABASE_URL"] == (
        "sqlite:///rollout.db",
        "The database: a SQLite file or PostgreSQL. Or ROLLOUT_DATABASE_URL_FILE.",
    )
    assert told["ROLLOUT_CLI_APPROVALS"][0] == "off"
    assert told["ROLLOUT_APPROVERS"][0] == ""
    assert told["ROLLOUT_PORT"][0] == "3000"
    assert all(description.endswith(".") for _, description in told.values())
    assert Settings.read({name: default for name, (default, _) in told.items()}) == Settings.read({})


@pytest.mark.parametrize("url", ["http://models.example/v1", "models.example", "http://["])
def test_a_models_key_travels_over_https_or_stays_on_this_machine(url: str) -> None:
    assert problems({"OPENAI_BASE_URL": url}) == (
        "OPENAI_BASE_URL is no https address (http is for this machine only, since the key travels over it): leave it "
        "out for OpenAI itself, or write the address up to /v1 of a compatible endpoint.",
    )
    assert Settings.read({"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}).openai_base_url.endswith(":11434/v1")
