"""Who acts at the command line: a claim, recorded beside the operating system's user and host."""

import getpass
import os
import re
import socket
from dataclasses import replace

from bot.cli.call import BadUsage
from bot.domain.people import Actor, Membership, Person, PrincipalKind, Through

_PROGRAM = re.compile(r"(agent|service):([A-Za-z0-9][A-Za-z0-9_.-]{0,59})", re.ASCII)
_PERSON = re.compile(r"[UW][A-Z0-9]+", re.ASCII)


def principal(who: str | None) -> Actor:
    """The principal that `--as` names, without any rights from the settings; the OS user where it names none."""
    user = _os_user()
    claimed = f"{user}@{socket.gethostname()}"
    if who is None:
        return _human(f"os:{user}", user, claimed)
    if _PERSON.fullmatch(who):
        return _human(who, who, claimed)
    if program := _PROGRAM.fullmatch(who):
        return Actor(kind=PrincipalKind(program[1]), handle=who, name=program[2], through=Through.CLI, claimed=claimed)
    raise BadUsage(
        f"--as {who!r} names nobody: give a Slack user id such as U0123ABCD, agent:NAME or service:NAME, "
        "or leave it out to act as yourself."
    )


def as_known(actor: Actor, known: Person | None) -> Actor:
    """A human actor with the name and zone that the store has of them."""
    if known is None or actor.kind is not PrincipalKind.HUMAN:
        return actor
    return replace(actor, name=known.name, zone=known.zone)


def _human(handle: str, name: str, claimed: str) -> Actor:
    return Actor(
        kind=PrincipalKind.HUMAN,
        handle=handle,
        name=name,
        through=Through.CLI,
        membership=Membership.MEMBER,
        claimed=claimed,
    )


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return f"uid{os.getuid()}"
