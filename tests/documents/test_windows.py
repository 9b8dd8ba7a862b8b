"""What a window keeps of a document, step by step, and who is told of what on each engine."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.actions import deviations, documents, numbers
from bot.actions.documents import Kept, Place, Seen, able_to_judge, unlearned
from bot.actions.numbers import Typed
from bot.domain.deviations import DeviationArea, Entry
from bot.domain.documents import DocumentKind, DocumentState, Text
from bot.domain.errors import Conflict, NotAllowed
from bot.domain.signals.kinds import SignalType
from bot.domain.workflows import Role
from store.tables.ledger import outbox
from tests.documents.samples import Desk, text
from tests.program import Posted

SPEC, POSTMORTEM, RED_TEAM = DocumentKind


def keep(desk: Desk, given: Text, seen: Seen | None = None, by: str = "max") -> Kept:
    place = Place(desk.program.workflow(), SPEC, seen)
    return desk.program.do(by, documents.keep, place, given)


def hand_in(desk: Desk, kind: DocumentKind, given: Text, seen: Seen | None = None, by: str = "max") -> Kept:
    place = Place(desk.program.workflow(), kind, seen)
    return desk.program.do(by, documents.hand_in, place, given)


def test_each_step_is_kept_and_what_says_the_same_makes_no_version(desk: Desk) -> None:
    first = keep(desk, Text("Refunds", "## Goal\n\nFaster."))
    same = keep(desk, Text("Refunds", "## Goal\n\nFaster."), Seen(first.document_id, 1))
    second = keep(desk, Text("Refunds", "## Goal\n\nSafer."), Seen(first.document_id, 1))
    assert (first.version, same.version, second.version) == (1, 1, 2)
    assert desk.program.facts()[-2:] == ("document_drafted", "document_edited")
    with pytest.raises(Conflict, match="Max wrote version 2"):
        keep(desk, Text("Refunds", "## Goal\n\nFaster."), Seen(first.document_id, 1), by="ana")


def test_two_clicks_in_one_window_make_one_draft_and_one_version(desk: Desk) -> None:
    kept = [keep(desk, Text("", "## Goal\n\nFaster.\t")) for _ in range(2)]
    assert kept == [Kept(kept[0].document_id, 1)] * 2
    again = [keep(desk, Text("", "## Goal\n\nSafer."), Seen(kept[0].document_id, 1)) for _ in range(2)]
    assert again == [Kept(kept[0].document_id, 2)] * 2
    others = {
        keep(desk, Text("", "## Goal\n\nFaster."), by="stu").document_id,
        keep(desk, Text("", "## Goal\n\nFaster.")).document_id,
        kept[0].document_id,
    }
    assert len(others) == 3


def test_what_is_handed_in_with_gaps_is_kept_as_a_draft_and_says_which(desk: Desk) -> None:
    kept = hand_in(desk, SPEC, text(SPEC, Metric="", Owner=""))
    assert ([gap.field for gap in kept.lacking], kept.version) == (["Metric", "Owner"], 1)
    assert desk.read(kept.document_id).state is DocumentState.DRAFT
    whole = hand_in(desk, SPEC, text(SPEC), Seen(kept.document_id, 1))
    assert (whole.lacking, desk.read(kept.document_id).state) == ((), DocumentState.IN_REVIEW)
    assert desk.read(kept.document_id).latest.number == 2


def test_an_insider_among_the_reviewers_keeps_a_review_a_draft(desk: Desk) -> None:
    kept = hand_in(desk, RED_TEAM, text(RED_TEAM, Reviewers="URED USTU"), by="red")
    (gap,) = kept.lacking
    assert (gap.field, "Stu is agent steward of refunds_agent" in gap.sentence) == ("Reviewers", True)
    assert desk.read(kept.document_id).state is DocumentState.DRAFT


def test_a_body_is_kept_as_an_export_gives_it_back(desk: Desk) -> None:
    kept = keep(desk, Text("T", "## Goal\n\n\ta\u202eb\r\n"))
    assert desk.read(kept.document_id).latest.text.body == "## Goal\n\n    ab\n"


@contextmanager
def told(desk: Desk) -> Iterator[list[Posted]]:
    """What is put into the outbox meanwhile, by kind and target."""
    before, news = Counter(desk.program.posted()), list[Posted]()
    yield news
    news += sorted((Counter(desk.program.posted()) - before).elements(), key=lambda each: (each.kind, each.target))


def test_a_submission_is_told_in_the_channel_and_to_all_who_may_judge_each_in_their_time(desk: Desk) -> None:
    able = ["UANA", "USTU", "ULEA", "UBEA", "UCEM", "UAPO", "UADA"]
    with told(desk) as news:
        id_ = desk.in_review(SPEC, "max")
    assert news == [
        *(Posted("document_asked", each) for each in sorted(able)),
        Posted("document_card", "CSUPPORT"),
    ]
    workflow, deciders = desk.program.workflow(), desk.program.desk.deciders()
    assert [each.handle for each in able_to_judge(desk.read(id_), workflow, deciders)] == able
    assert due_days(desk, id_) == {"CSUPPORT": 0, "UANA": 0, "USTU": 1, **dict.fromkeys(able[2:], 2)}


def due_days(desk: Desk, id_: str) -> dict[str, int]:
    """By the end of which day from now each card about a document is due, by target; 0 is at once."""
    wanted = select(outbox.c.target, outbox.c.not_before).where(outbox.c.dedupe_key.startswith(f"document:{id_}:"))
    with desk.program.database.reading() as connection:
        return {
            row.target: -((desk.program.at - row.not_before) // timedelta(days=1)) for row in connection.execute(wanted)
        }


def test_a_red_team_review_is_judged_by_outsiders_only(desk: Desk) -> None:
    desk.program.give(Role.EVAL_OWNER, "bea")
    id_ = desk.in_review(RED_TEAM, "red")
    workflow, deciders = desk.program.workflow(), desk.program.desk.deciders()
    able = able_to_judge(desk.read(id_), workflow, deciders)
    assert [each.handle for each in able] == ["UCEM", "UAPO", "UADA", "ULEA"]
    with pytest.raises(NotAllowed, match="you hold a role"):
        desk.program.do("bea", documents.demand_may_judge, Seen(id_, 1))


def test_a_verdict_and_an_edit_bring_the_cards_up_to_date_and_tell_the_authors(desk: Desk) -> None:
    id_ = desk.in_review(SPEC, "max")
    with told(desk) as news:
        desk.reject(id_)
    assert news == [Posted("document_answer", "UMAX"), Posted("document_cards", id_)]
    with told(desk) as news:
        desk.edit(id_, "ben")
    assert news == [Posted("document_cards", id_)]
    with told(desk) as news:
        desk.edit(id_, "ben")
    assert news == []
    desk.submit(id_, "ben")
    with told(desk) as news:
        desk.accept(id_)
    assert news == [
        Posted("document_answer", "UBEN"),
        Posted("document_answer", "UMAX"),
        Posted("document_cards", id_),
    ]


def test_what_waits_for_a_review_is_found_and_what_is_decided_is_not(desk: Desk) -> None:
    first, second = desk.in_review(SPEC), desk.in_review(POSTMORTEM)
    desk.accept(first)
    assert [each.id for each in desk.program.ask(lambda view: view.documents.in_review())] == [second]


def test_incidents_and_open_deviations_want_a_postmortem_until_one_is_accepted(desk: Desk) -> None:
    program, here = desk.program, desk.program.workflow()

    def wanted() -> tuple[str, ...]:
        return program.ask(lambda view: unlearned(view, here, program.at))

    assert wanted() == ()
    for key in ("INC-6", "INC-7"):
        cells = {"key": key, "severity": "2", "status": "open", "title": "Paid twice"}
        program.do("ana", numbers.record, here, Typed(SignalType.INCIDENT, cells))
        program.later(minutes=1)
    entry = Entry("Logs were off.", DeviationArea.OTHER, date(2026, 3, 20))
    with told(desk) as news:
        deviation = program.do("max", deviations.open_one, here, entry, None).deviation_id
    assert news == [Posted("deviation_card", "CSUPPORT")]
    assert wanted() == ("INC-7", "INC-6", deviation)
    id_ = desk.in_review(POSTMORTEM, "max")
    assert wanted() == ("INC-7", "INC-6", deviation)
    desk.accept(id_)
    assert wanted() == ("INC-6", deviation)
    with told(desk) as news:
        program.do("ana", deviations.close, deviation, "Logs are watched.")
    assert (news, wanted()) == ([Posted("deviation_cards", deviation)], ("INC-6",))


def test_a_postmortem_of_a_deviation_brings_its_card_up_to_date(desk: Desk) -> None:
    entry = Entry("Logs were off.", DeviationArea.OTHER, date(2026, 3, 20))
    deviation = desk.program.do("max", deviations.open_one, desk.program.workflow(), entry, None).deviation_id
    whole = replace(text(POSTMORTEM), incident=deviation)
    with told(desk) as news:
        id_ = hand_in(desk, POSTMORTEM, whole).document_id
        desk.accept(id_)
    assert news.count(Posted("deviation_cards", deviation)) == 2
