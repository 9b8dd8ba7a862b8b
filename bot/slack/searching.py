"""Looking for words in Slack: what was written down, within what one may see, for one pair of eyes."""

from bot.actions.searching import Hit
from bot.actions.searching import search as found_by
from bot.domain.errors import BadInput
from bot.domain.searching import Sought
from bot.slack.answers import Answer, Say
from bot.slack.blocks import Block, Screen, button, section
from bot.slack.pen import Pen
from bot.slack.registry import Group, command
from bot.slack.visit import Visit

_SHOWN = 10


@command("search <words>", "memos, documents and policies by their words", Group.LOOK_UP)
def search(visit: Visit, typed: str) -> Answer:
    """What holds all the words, the best first."""
    if not typed.strip():
        raise BadInput("Say which words to look for, such as /rollout search refund limit.")
    with visit.look() as view:
        found = found_by(view, visit.reader(view), typed, _SHOWN)
    part = "search.found" if found.hits else "search.none"
    head = visit.pen.md(part, words=typed, hits=found.hits, has_more=found.has_more)
    return Say(Screen(head, (section(head), *(_line(visit.pen, hit) for hit in found.hits))))


def _line(pen: Pen, hit: Hit) -> Block:
    """One hit, with the button that shows it."""
    show = {
        Sought.MEMO: ("memo.show", hit.id),
        Sought.DOCUMENT: ("document.show", f"{hit.id}:{hit.version}"),
        Sought.POLICY: ("policy.menu", f"read:{hit.id}"),
    }
    return section(pen.md("search.hit", h=hit), button("Show", *show[hit.kind]))
