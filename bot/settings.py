"""The settings, read once from the environment; whatever is wrong with them is said at once, with its mend.

Importing this module costs about 0.2 s (pydantic): the command line imports it only where it is needed.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import spelling
from bot.domain.errors import RolloutError

Mode = Literal["socket", "http", "none"]


class SettingsError(RolloutError):
    """The settings cannot be used as they are; `problems` names each variable and its mend."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _setting(name: str, description: str, default: object = None) -> Any:
    return Field(default, alias=name, description=description)


class Settings(BaseSettings):
    """Everything that is set from outside; secrets hide themselves in `repr`, logs and errors.

    A new setting is one field here; the README's table comes from `describe`.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=False)

    database_url: Annotated[SecretStr, BeforeValidator(spelling.database_url)] = _setting(
        "ROLLOUT_DATABASE_URL", "The database: a SQLite file or PostgreSQL.", SecretStr("sqlite:///rollout.db")
    )
    slack_bot_token: Annotated[SecretStr | None, spelling.BOT_TOKEN] = _setting(
        "SLACK_BOT_TOKEN", "The bot token (xoxb-…) of your Slack app."
    )
    slack_app_token: Annotated[SecretStr | None, spelling.APP_TOKEN] = _setting(
        "SLACK_APP_TOKEN", "An app-level token (xapp-…); with it the bot uses Socket Mode and needs no address."
    )
    slack_signing_secret: Annotated[SecretStr | None, BeforeValidator(SecretStr)] = _setting(
        "SLACK_SIGNING_SECRET", "Proves that a request over HTTP is Slack's; needed without an app-level token."
    )
    slack_signing_secret_previous: Annotated[SecretStr | None, BeforeValidator(SecretStr)] = _setting(
        "SLACK_SIGNING_SECRET_PREVIOUS", "The signing secret before the last change, still accepted for a while."
    )
    slack_signing_secret_previous_until: Annotated[date | None, BeforeValidator(spelling.day)] = _setting(
        "SLACK_SIGNING_SECRET_PREVIOUS_UNTIL", "The last day (UTC) on which the previous secret is accepted."
    )
    slack_api_url: Annotated[str, BeforeValidator(spelling.api_url)] = _setting(
        "SLACK_API_URL", "Where Slack's Web API is; set it for a local workspace.", "https://slack.com/api/"
    )
    admins: Annotated[tuple[str, ...], BeforeValidator(spelling.people)] = _setting(
        "ROLLOUT_ADMINS", "Who administers the program: Slack user or user-group ids.", ()
    )
    approvers: Annotated[tuple[str, ...], BeforeValidator(spelling.people)] = _setting(
        "ROLLOUT_APPROVERS", "Who approves, beside each team's own approvers: Slack user or user-group ids.", ()
    )
    digest_channel: Annotated[str | None, spelling.CHANNEL] = _setting(
        "ROLLOUT_DIGEST_CHANNEL", "The id of the channel where leaders read the Monday digest."
    )
    digest_shared_channels: Annotated[tuple[str, ...], BeforeValidator(spelling.channels)] = _setting(
        "ROLLOUT_DIGEST_SHARED_CHANNELS",
        "Ids of channels shared with another company that may get a digest all the same.",
        (),
    )
    link_hosts: Annotated[tuple[str, ...], BeforeValidator(spelling.hosts)] = _setting(
        "ROLLOUT_LINK_HOSTS",
        "Host names, with those below them, to which findings and gates may link; other evidence stands as text.",
        (),
    )
    timezone: Annotated[str, BeforeValidator(spelling.timezone)] = _setting(
        "ROLLOUT_TIMEZONE", "The program's time zone, an IANA name; never the machine's.", "UTC"
    )
    cli_approvals: Annotated[bool, BeforeValidator(spelling.switch)] = _setting(
        "ROLLOUT_CLI_APPROVALS", "Whether one may approve at the command line despite a bot token: on or off.", False
    )
    openai_api_key: Annotated[SecretStr | None, BeforeValidator(SecretStr)] = _setting(
        "OPENAI_API_KEY",
        "With it, a language model adds a short summary above the digest's lines, and drafts documents and memos.",
    )
    openai_base_url: Annotated[str, BeforeValidator(spelling.model_url)] = _setting(
        "OPENAI_BASE_URL",
        "Where the model is asked: any endpoint compatible with OpenAI's.",
        "https://api.openai.com/v1",
    )
    openai_model: Annotated[str, spelling.MODEL] = _setting("OPENAI_MODEL", "The model's name there.", "gpt-5.4-mini")
    sources: str | None = _setting(
        "ROLLOUT_SOURCES", "The YAML file that says what of each source belongs to which workflow."
    )
    private_hosts: Annotated[tuple[str, ...], BeforeValidator(spelling.hosts)] = _setting(
        "ROLLOUT_PRIVATE_HOSTS",
        "Host names of sources that may stand in your own network rather than the public one.",
        (),
    )
    github_token: Annotated[SecretStr | None, BeforeValidator(SecretStr)] = _setting(
        "GITHUB_TOKEN", "Reads pull requests, reviews and checks: a fine-grained token with read access is enough."
    )
    github_api_url: Annotated[str, BeforeValidator(spelling.source_url)] = _setting(
        "GITHUB_API_URL",
        "Where GitHub's API is; of an Enterprise Server https://HOST/api/v3.",
        "https://api.github.com",
    )
    github_webhook_secret: Annotated[SecretStr | None, BeforeValidator(SecretStr)] = _setting(
        "GITHUB_WEBHOOK_SECRET", "Proves that a webhook is GitHub's; with it POST /hooks/github is taken."
    )
    jira_token: Annotated[SecretStr | None, BeforeValidator(SecretStr)] = _setting(
        "JIRA_TOKEN",
        "Reads items of work: for Jira Cloud MAIL:TOKEN with an API token, for Data Center a personal access token.",
    )
    jira_api_url: Annotated[str, BeforeValidator(spelling.site_url)] = _setting(
        "JIRA_API_URL", "Where Jira is, as people open it: https://SITE.atlassian.net, or your own server.", ""
    )
    linear_token: Annotated[SecretStr | None, BeforeValidator(SecretStr)] = _setting(
        "LINEAR_TOKEN", "Reads issues: an API key (lin_api_…) with read access, or an OAuth token."
    )
    linear_api_url: Annotated[str, BeforeValidator(spelling.source_url)] = _setting(
        "LINEAR_API_URL", "Where Linear's API is.", "https://api.linear.app"
    )
    pagerduty_token: Annotated[SecretStr | None, BeforeValidator(SecretStr)] = _setting(
        "PAGERDUTY_TOKEN", "Reads incidents: a read-only API key."
    )
    pagerduty_api_url: Annotated[str, BeforeValidator(spelling.source_url)] = _setting(
        "PAGERDUTY_API_URL",
        "Where PagerDuty's API is; in Europe https://api.eu.pagerduty.com.",
        "https://api.pagerduty.com",
    )
    incident_io_token: Annotated[SecretStr | None, BeforeValidator(SecretStr)] = _setting(
        "INCIDENT_IO_TOKEN", "Reads incidents: an API key that may view data."
    )
    incident_io_api_url: Annotated[str, BeforeValidator(spelling.source_url)] = _setting(
        "INCIDENT_IO_API_URL", "Where incident.io's API is.", "https://api.incident.io"
    )
    langfuse_token: Annotated[SecretStr | None, BeforeValidator(SecretStr)] = _setting(
        "LANGFUSE_TOKEN", "Reads scores and runs over datasets: PUBLIC:SECRET, the two keys of a project."
    )
    langfuse_api_url: Annotated[str, BeforeValidator(spelling.site_url)] = _setting(
        "LANGFUSE_API_URL",
        "Where Langfuse is, as people open it: in America https://us.cloud.langfuse.com, or your own server.",
        "https://cloud.langfuse.com",
    )
    langsmith_token: Annotated[SecretStr | None, BeforeValidator(SecretStr)] = _setting(
        "LANGSMITH_TOKEN", "Reads feedback and experiments: an API key (lsv2_…) of a workspace."
    )
    langsmith_api_url: Annotated[str, BeforeValidator(spelling.site_url)] = _setting(
        "LANGSMITH_API_URL",
        "Where LangSmith's API is; in Europe https://eu.api.smith.langchain.com, or your own server.",
        "https://api.smith.langchain.com",
    )
    source_tokens: Annotated[Mapping[str, SecretStr], BeforeValidator(spelling.secrets)] = _setting(
        "SOURCE_TOKEN_*",
        "The token of a source that ROLLOUT_SOURCES describes, its name in place of *. Or SOURCE_TOKEN_*_FILE.",
        {},
    )
    port: Annotated[int, BeforeValidator(spelling.port)] = _setting(
        "ROLLOUT_PORT", "The port for HTTP: health, metrics, the API, and Slack when not in Socket Mode.", 3000
    )
    host: Annotated[str, spelling.HOST] = _setting(
        "ROLLOUT_HOST", "The address to listen on; only this machine unless you change it.", "127.0.0.1"
    )
    log_level: Annotated[str, BeforeValidator(spelling.level)] = _setting(
        "ROLLOUT_LOG_LEVEL", f"How much is logged: {', '.join(spelling.LEVELS)}.", "info"
    )

    @classmethod
    def settings_customise_sources(cls, *_: Any, **sources: Any) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed over: neither the process's environment nor a .env file is read here."""
        return (sources["init_settings"],)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings in `environ`, or a SettingsError with every problem that they have.

        Blank means not set. A secret may stand in a file that `NAME_FILE` names.
        """
        given, problems = _collected(environ)
        try:
            settings = cls.model_validate({name: text for name, text in given.items() if text})
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            problems += [f"{one['loc'][0]} {one['ctx']['error']}" for one in found]
        else:
            if not problems:
                return settings
        raise SettingsError(tuple(problems))

    @property
    def model_place(self) -> tuple[str | None, str, str]:
        """The language model's key, its address and its name, as they are asked for where one is made."""
        key = self.openai_api_key.get_secret_value() if self.openai_api_key else None
        return key, self.openai_base_url, self.openai_model

    @property
    def mode(self) -> Mode:
        """How Slack reaches the bot: "socket", "http", or "none" as long as something for both is missing."""
        if self.slack_bot_token is None:
            return "none"
        if self.slack_app_token is not None:
            return "socket"
        return "http" if self.slack_signing_secret is not None else "none"

    def demand_slack(self) -> None:
        """Returns if the bot can speak with Slack; otherwise a SettingsError lists what is missing."""
        missing = []
        if self.slack_bot_token is None:
            missing.append(
                "SLACK_BOT_TOKEN is not set: copy the Bot User OAuth Token (xoxb-…) from your Slack app's pages."
            )
        if self.slack_app_token is None and self.slack_signing_secret is None:
            missing.append(
                "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: set the app-level token (xapp-…) for "
                "Socket Mode, which needs no public address, or the signing secret for HTTP."
            )
        if missing:
            raise SettingsError(tuple(missing))


def describe() -> tuple[tuple[str, str, str], ...]:
    """Each setting as (name, default as one would write it, description), in the order of the README."""
    return tuple(
        (name, _written(field.default), f"{field.description}{f' Or {name}_FILE.' if name in _SECRETS else ''}")
        for name, field in _BY_NAME.items()
    )


def _written(default: object) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return "" if default in (None, (), {}) else str(default)


_BY_NAME = {str(field.alias): field for field in Settings.model_fields.values()}
_SECRETS = tuple(name for name, field in _BY_NAME.items() if field.annotation in (SecretStr, SecretStr | None))
_OF_SOURCE = "SOURCE_TOKEN_"


def _collected(environ: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """What `environ` (and the files it names) says of our settings, and what contradicts itself there."""
    given: dict[str, Any] = {name: environ[name].strip() for name in _BY_NAME if name in environ}
    problems = []
    of_sources = {name.removesuffix("_FILE") for name in environ if name.startswith(_OF_SOURCE)}
    given |= {name: environ.get(name, "").strip() for name in of_sources}
    for name in (*_SECRETS, *sorted(of_sources)):
        file = environ.get(f"{name}_FILE", "").strip()
        if file and given.get(name):
            problems.append(f"{name} and {name}_FILE are both set: keep the one that you mean.")
        elif file:
            try:
                given[name] = Path(file).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                why = error.strerror if isinstance(error, OSError) else "it is not text"
                problems.append(f"{name}_FILE names {spelling.quoted(file)}, which cannot be read ({why}): mend it.")
    tokens = {name.removeprefix(_OF_SOURCE).lower(): given.pop(name) for name in of_sources}
    given[f"{_OF_SOURCE}*"] = {name: token for name, token in tokens.items() if token}
    return given, [*problems, *_blank_signing_secret(given), *_half_a_rotation(given)]


def _blank_signing_secret(given: Mapping[str, str]) -> list[str]:
    over_http = bool(given.get("SLACK_BOT_TOKEN")) and not given.get("SLACK_APP_TOKEN")
    if not over_http or given.get("SLACK_SIGNING_SECRET") != "":
        return []
    return [
        "SLACK_SIGNING_SECRET is empty, so anybody could sign requests: copy it from your Slack app's Basic "
        "Information, or set SLACK_APP_TOKEN for Socket Mode."
    ]


def _half_a_rotation(given: Mapping[str, str]) -> list[str]:
    secret, until = "SLACK_SIGNING_SECRET_PREVIOUS", "SLACK_SIGNING_SECRET_PREVIOUS_UNTIL"
    if given.get(secret) and not given.get(until):
        return [f"{secret} is set without {until}: say until which day it is accepted, as 2026-11-24."]
    if given.get(until) and not given.get(secret):
        return [f"{until} is set without {secret}: set both or neither."]
    return []
