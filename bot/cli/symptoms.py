"""What a checkup works with: the installation that is looked at, and what is found."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.domain.errors import RolloutError
from bot.domain.sources import Mapped
from bot.domain.teams import Team
from bot.settings import Settings
from store import Database, Store
from store.revisions import demand_current

TIMEOUT_S = 10


class Verdict(StrEnum):
    """How one finding is to be taken; only a problem makes the checkup fail."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, and where something is wrong, its mend."""

    verdict: Verdict
    text: str
    mend: str | None = None


def ok(text: str) -> Finding:
    """Something that is as it should be."""
    return Finding(Verdict.OK, text)


def warning(text: str, mend: str | None = None) -> Finding:
    """Something that works, but that an operator should know."""
    return Finding(Verdict.WARNING, text, mend)


def problem(text: str, mend: str | None = None) -> Finding:
    """Something that does not work; where `mend` is None, the text says it already."""
    return Finding(Verdict.PROBLEM, text, mend)


class Patient:
    """The installation under examination; later checks find here what earlier ones have opened."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database

    @cached_property
    def teams(self) -> tuple[Team, ...]:
        """All teams; the tables must be there."""
        with Store(self.database).reading() as view:
            return view.teams()

    @cached_property
    def by_hand(self) -> tuple[Mapped, ...]:
        """What of sources was mapped by hand; nothing where the tables are not those of this version."""
        try:
            demand_current(self.database)
        except RolloutError:
            return ()
        with Store(self.database).reading() as view:
            return view.sources.by_hand()

    @cached_property
    def auth(self) -> SlackResponse:
        """What Slack says of the bot token, asked once."""
        return self.slack.auth_test()

    @cached_property
    def slack(self) -> WebClient:
        """Slack as the bot would speak with it."""
        return self.client(self.settings.slack_bot_token)

    def client(self, token: SecretStr | None) -> WebClient:
        """Slack's Web API with that token; nothing is sent twice."""
        assert token is not None
        return WebClient(
            token.get_secret_value(), base_url=self.settings.slack_api_url, timeout=TIMEOUT_S, retry_handlers=[]
        )
