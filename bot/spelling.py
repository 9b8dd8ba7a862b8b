"""How the values of settings are spelled: each text is read, or refused in a sentence that begins after its name."""

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from pydantic import BeforeValidator, SecretStr

from bot.domain.errors import BadInput
from bot.domain.teams import zone_name
from bot.domain.wording import cut

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")
LEVELS = ("debug", "info", "warning", "error")


def quoted(text: str) -> str:
    """`text` as a complaint may repeat it: a token that went astray is not shown."""
    return "what looks like a token" if text.startswith(("xox", "xapp-")) else repr(cut(text, 60))


def database_url(text: str) -> SecretStr:
    """The address of a database, kept as a secret: it may hold a password, so no complaint repeats it."""
    if re.fullmatch(r"(?:sqlite|postgresql)(?:\+[a-z0-9]+)?://.+", text):
        return SecretStr(text)
    raise ValueError(
        "is no database address that Rollout knows: write sqlite:///rollout.db for a file, "
        "or postgresql://user:password@host/name."
    )


def _token(prefix: str, where: str) -> BeforeValidator:
    """Takes a Slack token that begins with `prefix`; `where` says what to copy, and from which page."""

    def check(text: str) -> SecretStr:
        if re.fullmatch(rf"{prefix}[!-~]+", text):
            return SecretStr(text)
        raise ValueError(f'is no token that begins with "{prefix}": copy {where} from your Slack app\'s pages.')

    return BeforeValidator(check)


def day(text: str) -> date:
    """A day such as 2026-03-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"is no date: write year, month and day as 2026-11-24, not {quoted(text)}.") from None


def _is_private(text: str) -> bool:
    """Whether nobody on the way can read what is sent to this address."""
    try:
        found = urlsplit(text)
    except ValueError:  # an unclosed bracket
        return False
    return bool(found.hostname) and (
        found.scheme == "https" or (found.scheme == "http" and found.hostname in _THIS_MACHINE)
    )


def model_url(text: str) -> str:
    """The address of a language model's endpoint."""
    if _is_private(text):
        return text
    raise ValueError(
        "is no https address (http is for this machine only, since the key travels over it): leave it out for "
        "OpenAI itself, or write the address up to /v1 of a compatible endpoint."
    )


def api_url(text: str) -> str:
    """The address of Slack's API, with a slash at its end."""
    if _is_private(text):
        return text if text.endswith("/") else f"{text}/"
    raise ValueError(
        "is no https address (http is for this machine only, since tokens travel over it): leave it out for "
        "Slack itself, or write http://127.0.0.1:PORT/api/ for a local workspace."
    )


def source_url(text: str) -> str:
    """The address of an outside system."""
    if _is_private(text):
        return text.rstrip("/")
    raise ValueError(
        "is no https address (http is for this machine only, since a token travels over it): leave it out for the "
        "vendor's own cloud, or write the address of the API on your own server."
    )


def site_url(text: str) -> str:
    """The address of an outside system that has one for each company."""
    if _is_private(text):
        return text.rstrip("/")
    raise ValueError(
        "is no https address (http is for this machine only, since a token travels over it): write it as people open "
        "it, such as https://acme.atlassian.net."
    )


def secrets(texts: Mapping[str, str]) -> Mapping[str, SecretStr]:
    """Several secrets by their names."""
    return {name: SecretStr(text) for name, text in texts.items()}


def hosts(text: str) -> tuple[str, ...]:
    """Names of hosts, each once."""
    names = tuple(dict.fromkeys(each.lower() for each in re.findall(r"[^\s,;]+", text)))
    wrong = [quoted(one) for one in names if not re.fullmatch(r"[a-z0-9._-]{1,253}", one)]
    if not wrong:
        return names
    raise ValueError(f"takes host names without https:// and without a port, not {', '.join(wrong)}.")


def people(text: str) -> tuple[str, ...]:
    """Ids of Slack users and user groups, each once."""
    ids = tuple(dict.fromkeys(re.findall(r"[^\s,;]+", text)))
    wrong = [quoted(one) for one in ids if not re.fullmatch(r"[UWS][A-Z0-9]{2,}", one)]
    if not wrong:
        return ids
    raise ValueError(
        f"takes Slack user ids (U…, W…) or user-group ids (S…), not {', '.join(wrong)}: copy the member ID from "
        "the person's profile, or the group's ID from the end of its address."
    )


def channels(text: str) -> tuple[str, ...]:
    """Ids of Slack channels, each once."""
    ids = tuple(dict.fromkeys(re.findall(r"[^\s,;]+", text)))
    wrong = [quoted(one) for one in ids if not re.fullmatch(r"[CG][A-Z0-9]{2,}", one)]
    if not wrong:
        return ids
    raise ValueError(
        f"takes channel ids (C… or G…), not {', '.join(wrong)}: copy them from the end of each channel's details."
    )


def _shaped(pattern: str, complaint: str) -> BeforeValidator:
    """Takes text of one shape as it is; `complaint` says what is wanted, before what was found."""

    def check(text: str) -> str:
        if re.fullmatch(pattern, text):
            return text
        raise ValueError(f"{complaint}, not {quoted(text)}.")

    return BeforeValidator(check)


def timezone(text: str) -> str:
    """An IANA time zone."""
    try:
        return zone_name(text)
    except BadInput as error:
        raise ValueError(f"is not usable. {error}".replace(repr(text), quoted(text))) from None


def switch(text: str) -> bool:
    """Whether something is on."""
    if text.lower() in ("on", "off"):
        return text.lower() == "on"
    raise ValueError(f'is either "on" or "off", not {quoted(text)}.')


def port(text: str) -> int:
    """A port."""
    if re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= 65535:
        return int(text)
    raise ValueError(f"is a whole number from 1 to 65535, not {quoted(text)}.")


def level(text: str) -> str:
    """How much is logged."""
    if text.lower() in LEVELS:
        return text.lower()
    raise ValueError(f"is one of {', '.join(LEVELS)}, not {quoted(text)}.")


BOT_TOKEN = _token("xoxb-", "the Bot User OAuth Token (OAuth & Permissions)")
APP_TOKEN = _token("xapp-", "an app-level token with the scope connections:write (Basic Information)")
CHANNEL = _shaped(r"[CG][A-Z0-9]{2,}", "takes the id (C… or G…) at the end of the channel's details")
HOST = _shaped(r"[A-Za-z0-9.:_-]+", "takes the name or address to listen on, such as 127.0.0.1 or 0.0.0.0")


MODEL = _shaped(r"[!-~]{1,200}", "takes a model's name without spaces")
