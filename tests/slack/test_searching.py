"""A search in conversation."""

from tests.slack.cast import BO
from tests.slack.office import Office


def test_a_memo_is_found_by_its_words(office: Office) -> None:
    case, word = office.case(), office.fresh("zebra")
    bo = office.person(BO).types(f"/rollout memo We keep {word}", in_=case.room)
    bo.fills(decision="It is cheaper.", category="pricing", reversible="No").submits().sees("is filed")
    bo.types(f"/rollout search KEEP {word[:8]}").sees("1 hit for", f"We keep {word}", f"memo of {case.name} · in force")
    bo.clicks("Show", beside=f"We keep {word}").sees("It is cheaper.")
    bo.types(f"/rollout search {word} dearer").sees("Nothing that you may see holds all of")
    bo.types("/rollout search").sees("Say which words to look for")
