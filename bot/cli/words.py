"""What may be typed after an option, read strictly; what is wrong with it is said in a sentence."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Literal, get_args

import typer

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PERSON = re.compile(r"[UW][A-Z0-9]+", re.ASCII)
_CHANNEL = re.compile(r"[CG][A-Z0-9]+", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)
_WEEK = re.compile(r"\d{4}-W\d\d", re.ASCII)
_HASH = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2000, 2199

# These repeat enumerations of the domain, since `--help` must not wait until that is imported; a test compares them.
DomainName = Literal["general", "billing", "auth", "pii"]
OutcomeName = Literal["done", "stopped", "merged", "moved"]
PhaseName = Literal["pilot", "production", "scaling", "operating"]
RoleName = Literal["owner", "steward", "eval_owner", "gatekeeper", "reviewer"]
KindName = Literal["spec", "postmortem", "redteam"]
MetricKindName = Literal["success", "guardrail"]
BetterName = Literal["higher", "lower"]
ReworkKindName = Literal["rollback", "escalation", "security_exception", "reopened", "defect"]
IncidentStatusName = Literal["open", "resolved"]
RedLineKindName = Literal["test_fired", "violation"]
ScopeName = Literal["decisions", "signals", "read"]
ProgramName = Literal["agent", "service"]
AnswerName = Literal["allow", "needs_approval", "deny"]
SwitchName = Literal["on", "off"]
AreaName = Literal[
    "security",
    "data_access",
    "customer_communication",
    "code_changes",
    "financial_actions",
    "incident_response",
    "other",
]


def instant_of(text: str) -> datetime:
    """An RFC 3339 instant as aware UTC."""
    try:
        if not _INSTANT.fullmatch(text):
            raise ValueError
        found = datetime.fromisoformat(text.upper().replace(" ", "T")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is no instant with its offset: write it as 2026-03-02T09:00:00Z or 2026-03-02T09:00:00+01:00."
        ) from None
    _demand_our_times(found.year, text)
    return found


def day_of(text: str) -> date:
    """A date as year, month and day."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        found = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date: write year, month and day as 2026-03-02.") from None
    _demand_our_times(found.year, text)
    return found


def week_of(text: str) -> str:
    """An ISO week by its name."""
    try:
        if not _WEEK.fullmatch(text):
            raise ValueError
        date.fromisocalendar(int(text[:4]), int(text[6:]), 1)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no ISO week: write year and week as 2026-W10.") from None
    return text


def _demand_our_times(year: int, text: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise typer.BadParameter(f"{text!r} lies outside the years {FIRST_YEAR} to {LAST_YEAR}: check the year.")


def scope_of(text: str) -> str:
    """What a token may be used for."""
    if text not in get_args(ScopeName):
        raise typer.BadParameter(f"{text!r} is nothing that a token is for: give {', '.join(get_args(ScopeName))}.")
    return text


def number_of(text: str) -> Decimal:
    """A plain number, digit for digit."""
    if not _NUMBER.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no plain number: write digits, such as 12 or 0.95.")
    return Decimal(text)


def hash_of(text: str) -> str:
    """A SHA-256 as 64 hexadecimal digits, in small letters."""
    if not _HASH.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no grant's hash, which has 64 digits of 0-9 and a-f: copy it whole.")
    return text.lower()


def is_person(text: str) -> bool:
    """Whether `text` looks like a Slack user id."""
    return bool(_PERSON.fullmatch(text))


def person_of(text: str) -> str:
    """A Slack user id."""
    if not is_person(text):
        raise typer.BadParameter(
            f"{text!r} is no Slack user id, which looks like U0123ABCD: copy the member ID from the person's profile."
        )
    return text


def people_of(text: str) -> tuple[str, ...]:
    """Slack user ids with commas or spaces between them; none if there is nothing."""
    return tuple(person_of(each) for each in re.findall(r"[^\s,]+", text))


def channel_of(text: str) -> str:
    """A Slack channel id."""
    if not _CHANNEL.fullmatch(text):
        raise typer.BadParameter(
            f"{text!r} is no channel id, which looks like C0123ABCD: it stands at the end of the channel's details."
        )
    return text


RoleArgument = Annotated[RoleName, typer.Argument(metavar="ROLE", help=f"One of {', '.join(get_args(RoleName))}.")]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="For people, or for programs.")]
WorkflowName = Annotated[str, typer.Argument(metavar="WORKFLOW", help="Its name, such as refunds_agent.")]
ItemName = Annotated[str, typer.Argument(metavar="ITEM", help="Its id, as `rollout checklist` shows it.")]
RequestId = Annotated[str, typer.Argument(metavar="REQUEST", help="Its id, as `rollout requests` shows it.")]
KindArgument = Annotated[KindName, typer.Argument(metavar="KIND", help=f"One of {', '.join(get_args(KindName))}.")]
MemoId = Annotated[str, typer.Argument(metavar="ID", help="Its id, as `rollout memo list` shows it.")]
DocumentId = Annotated[str, typer.Argument(metavar="ID", help="Its id, as `rollout doc list` shows it.")]
DeviationId = Annotated[str, typer.Argument(metavar="ID", help="Its id, as `rollout deviation list` shows it.")]
GrantId = Annotated[str, typer.Argument(metavar="ID", help="Its id, as `rollout grant list` shows it.")]
Person = Annotated[str, typer.Argument(metavar="U", parser=person_of, help="A Slack user id.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; others will read it later.")]
