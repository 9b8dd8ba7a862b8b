"""The checks of `rollout doctor`: one table, one small function each."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from slack_sdk.errors import SlackClientError

from bot.cli.model_checks import model_answers
from bot.cli.slack_checks import (
    bot_token_works,
    connection_opens,
    digest_channel_reached,
    scopes_granted,
    several_can_approve,
    somebody_administers,
    team_channels_reached,
)
from bot.cli.source_checks import sources_answer
from bot.cli.symptoms import Finding, Patient, Verdict, ok, problem, warning
from bot.domain.errors import RolloutError
from bot.settings import Settings, SettingsError
from store import Database
from store.errors import BadDatabaseUrl
from store.revisions import demand_current, newest, revision
from store.verification import verify


@dataclass(frozen=True, slots=True)
class Check:
    """One check; it is left out unless those named in `after` found no problem."""

    name: str
    run: Callable[[Patient], Iterator[Finding]]
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found."""

    name: str
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether checks that build on this one make sense."""
        return all(finding.verdict in (Verdict.OK, Verdict.WARNING) for finding in self.findings)


def examine(environment: Mapping[str, str]) -> tuple[Result, ...]:
    """What every check found, settings first; without usable settings nothing else is looked at."""
    try:
        settings = Settings.read(environment)
        database = Database(settings.database_url.get_secret_value())
    except SettingsError as error:
        return (Result("settings", tuple(problem(each) for each in error.problems)),)
    except BadDatabaseUrl as error:
        return (Result("settings", (problem(str(error)),)),)
    results = {"settings": Result("settings", (ok("All settings can be used."),))}
    with closing(database):
        patient = Patient(settings, database)
        for check in CHECKS:
            sick = [name for name in check.after if not results[name].is_sound]
            results[check.name] = Result(check.name, _left_out(sick) if sick else _findings(check, patient))
    return tuple(results.values())


def _left_out(sick: list[str]) -> tuple[Finding, ...]:
    return (Finding(Verdict.LEFT_OUT, f"Not looked at as long as something is wrong with: {', '.join(sick)}."),)


def _findings(check: Check, patient: Patient) -> tuple[Finding, ...]:
    try:
        return tuple(check.run(patient))
    except RolloutError as error:
        return (problem(str(error)),)
    except (SlackClientError, OSError) as error:
        return (
            problem(
                f"Slack did not answer at {patient.settings.slack_api_url} ({type(error).__name__}).",
                "Check the network, a proxy, and SLACK_API_URL, then try again.",
            ),
        )


def database_answers(patient: Patient) -> Iterator[Finding]:
    """Whether the database can be read, and what to know of its library."""
    revision(patient.database)
    yield ok(f"Reached {patient.database.place}.")
    if patient.database.warning:
        yield warning(patient.database.warning)


def tables_current(patient: Patient) -> Iterator[Finding]:
    """Whether the tables are those of this version."""
    demand_current(patient.database)
    yield ok(f"The tables are at revision {newest()}, as this version needs them.")


def log_whole(patient: Patient) -> Iterator[Finding]:
    """Whether the audit log's chain is whole."""
    with patient.database.reading() as connection:
        found = verify(connection)
    if found.ok:
        yield ok(f"All {found.records} records of the audit log are whole; head {found.head.seq}:{found.head.hash}.")
    else:
        yield problem(f"The audit log is broken: {found.why}", "Find out who did that, then restore a backup.")


CHECKS = (
    Check("database", database_answers),
    Check("tables", tables_current, after=("database",)),
    Check("audit log", log_whole, after=("tables",)),
    Check("bot token", bot_token_works),
    Check("scopes", scopes_granted, after=("bot token",)),
    Check("connection", connection_opens),
    Check("admins", somebody_administers),
    Check("approvers", several_can_approve, after=("tables",)),
    Check("digest channel", digest_channel_reached, after=("bot token",)),
    Check("team channels", team_channels_reached, after=("tables", "bot token")),
    Check("model", model_answers),
    Check("sources", sources_answer),
)
"""Every check after that of the settings, in the order in which they are told."""
