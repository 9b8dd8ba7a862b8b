"""What people said to each other in the days before the launch, so that the workspace looks lived in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from bot.demo.cast import BERLIN, ENGINEERING, LEADS, LISBON, NEW_YORK, PROGRAM, SALES, SUPPORT, TOKYO
from bot.demo.days import instant, working_date_before
from bot.domain.calendar import local_date
from bot.sandbox.memory import Kept


@dataclass(frozen=True, slots=True)
class Said:
    """One message: so many working days before the launch, at a time of that zone; `replies` stand in its thread."""

    channel: str
    who: str
    days_ago: int
    at: tuple[int, int]
    zone: str
    text: str
    replies: tuple["Said", ...] = ()


def _support(who: str, days_ago: int, at: tuple[int, int], text: str, *replies: Said) -> Said:
    return Said(SUPPORT, who, days_ago, at, LISBON, text, replies)


SAID = (
    Said(
        PROGRAM, "U0LENA", 5, (9, 12), BERLIN,
        "A word for those who are new here: six agents are under way, each with people who answer for it. "
        "What an agent may do is earned by evidence, and I will keep asking for it.",
    ),
    Said(
        PROGRAM, "U0TOM", 3, (10, 5), BERLIN,
        "triage_agent nears its last gate. What is left is the retrospective and the memo. "
        "It woke 31 people last month instead of 74, and nobody misses the rest.",
        (
            Said(
                PROGRAM, "U0LENA", 3, (10, 31), BERLIN,
                "Good. Please put the two that it should have woken into the memo as well.",
            ),
            Said(PROGRAM, "U0TOM", 3, (10, 40), BERLIN, "They are in it, on the first page."),
        ),
    ),
    Said(
        PROGRAM, "U0NIA", 2, (9, 48), NEW_YORK,
        "test_fixer stays paused until the new build machines are quiet. "
        "The agent is stopped too, so nobody needs to watch it.",
    ),
    _support(
        "U0RUI", 2, (9, 41),
        "Yesterday the agent proposed a refund for an order from three years ago. Two of us caught it in review. "
        "I added it to the eval cases.",
        _support("U0INES", 2, (9, 55), "Thanks. That makes five old-order cases, all of which must be refused."),
        _support("U0ANA", 2, (10, 3), "This is what reviews are for. Well caught, both of you."),
    ),
    _support(
        "U0INES", 1, (11, 20),
        "For support_macros: who has the ticket export that Greta was preparing? "
        "The regression set is still in her name.",
        _support(
            "U0RUI", 1, (11, 34),
            "I have the file, not the time. If somebody assigns the item to me, I do it next week.",
        ),
    ),
    _support(
        "U0ANA", 1, (15, 25),
        "<@U0LENA> finance asked us to stop nothing while they close their books. "
        "I have just asked to move the freeze drill; the request is with you.",
    ),
    Said(
        ENGINEERING, "U0LEO", 1, (10, 15), NEW_YORK,
        "<@U0SAM> I can't write the way back for docs_drafter before we know where the drafts live. "
        "In the wiki, or beside the code?",
        (
            Said(
                ENGINEERING, "U0SAM", 1, (13, 2), NEW_YORK,
                "Beside the code, I think. Let me hear what the editors say first.",
            ),
        ),
    ),
    Said(
        SALES, "U0MEI", 1, (16, 30), TOKYO,
        "lead_replies has begun. We still need an eval owner and a data gatekeeper. "
        "<@U0KENJI>, whom would you trust to say no?",
    ),
    Said(
        LEADS, "U0LENA", 1, (14, 5), BERLIN,
        "For the next review, thirty minutes: refunds_agent and its red team first, then whatever else is off plan. "
        "If all is on track, we end early.",
    ),
)  # fmt: skip


def conversation(team: str, at: datetime) -> tuple[Kept, ...]:
    """The messages as the workspace keeps them, oldest first, if it is launched at `at`; `team` is its id."""
    told = sorted(_told(SAID, at), key=lambda each: each[0])
    kept: list[Kept] = []
    stamps = {said: f"{int(when.timestamp())}.{number:06d}" for number, (when, said, _) in enumerate(told)}
    for _, said, root in told:
        message: Kept = {
            "type": "message",
            "user": said.who,
            "team": team,
            "client_msg_id": f"m{stamps[said]}",
            "text": said.text,
            "ts": stamps[said],
            "channel": said.channel,
        }
        if root:
            message["thread_ts"] = stamps[root]
        kept.append(message)
    return tuple(kept)


def _told(
    said: tuple[Said, ...], at: datetime, root: Said | None = None
) -> Iterator[tuple[datetime, Said, Said | None]]:
    for each in said:
        day = working_date_before(local_date(at, each.zone), each.days_ago)
        yield instant(day, time(*each.at), each.zone), each, root
        yield from _told(each.replies, at, root or each)
