"""What is kept about a person, shown and erased; and what goes by itself when its time is over."""

import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, text, update

from bot.actions import absences, corrections, deviations, memos, numbers, privacy, saves
from bot.actions.desk import Asked
from bot.actions.memos import About
from bot.actions.numbers import Typed
from bot.actions.readers import HOLDER
from bot.actions.searching import search
from bot.actions.signals import take_in
from bot.domain.deviations import DeviationArea
from bot.domain.deviations import Entry as Breach
from bot.domain.errors import BadInput, NotAllowed, NotFound
from bot.domain.facts import PersonErased
from bot.domain.memos import Category, Entry
from bot.domain.people import Actor, Through
from bot.domain.signals.kinds import SignalType
from bot.domain.workflows import Role
from bot.intake import lines_of
from bot.schedule import REVIEWERS_KEPT, SIGNALS_KEPT, forget_signals
from store import Database, drafts
from store.drafts import Draft
from store.reading.signals import read_incidents
from store.tables.signals import TABLE_OF, signals
from tests.grants_program import GrantsProgram

WORD = "canaryword"


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent, whose owner Ana wrote a memo and reviewed an output."""
    made = GrantsProgram(database)
    made.start()
    entry = Entry(
        title=f"We keep {WORD}", decision="It works.", category=Category.OTHER, is_reversible=True, changes=("PR-4711",)
    )
    made.do("ana", memos.file, entry, About(workflow=made.workflow()))
    made.send(review(made), by="max")
    made.later(hours=2)
    return made


def review(program: GrantsProgram, **more: object) -> dict[str, object]:
    at = program.at.isoformat()
    done = {"reviewed_at": at, "outcome": "approved", "reviewer": "UANA"}
    return {"id": f"r-{at}", "type": "review", "output_id": "o1", "submitted_at": at, **done, **more}


def erase(
    program: GrantsProgram, who: str = "UANA", by: str = "ada", reason: str = "They asked for it."
) -> tuple[PersonErased, tuple[str, ...]]:
    return program.do(by, privacy.erase, who, reason)


def known(program: GrantsProgram, name: str) -> str:
    """The random id of one of the cast, met now if not before."""
    return program.do("ada", lambda turn: turn.change.person(program.person(name)).id)


def everything(database: Database) -> str:
    """All that the tables hold, those of the full-text index too, and on SQLite the bytes of the file and its log."""
    with database.reading() as connection:
        names = connection.scalars(_TABLES[database.name]).all()
        rows = [str(tuple(row)) for name in names for row in connection.execute(text(f"SELECT * FROM {name}"))]
    files = (database.file, database.file.with_name(f"{database.file.name}-wal")) if database.file else ()
    return " ".join((*rows, *(file.read_bytes().decode("latin-1") for file in files)))


_TABLES = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'table'"),
    "postgresql": text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"),
}


def test_an_admin_sees_all_that_is_kept_of_a_person(program: GrantsProgram) -> None:
    kept = program.ask(lambda view: privacy.kept_of(view, program.actor("ada"), "UANA"))
    assert (kept.person.handle, kept.person.name) == ("UANA", "Ana")
    assert f"owner of {program.workflow().name}" in kept.roles
    assert {words for _, words in kept.texts} >= {f"We keep {WORD}", "It works."}
    assert [(kind, name) for _, _, kind, _, name in kept.signals] == [("review", "refunds_agent")]
    assert {"memo_filed", "workflow_started"} <= {fact for _, _, fact, _ in kept.records}


def test_every_row_that_names_someone_is_shown(program: GrantsProgram) -> None:
    program.decline(program.ask_skip("choose_operating_model"), reason="It is needed.")
    program.do("ana", absences.leave, program.at.date() + timedelta(days=2), program.person("max"))
    with program.database.writing() as connection:
        drafts.keep(connection, "UANA", "memo", Draft("d_1", {"title": "Half a memo"}, program.at))
    with pytest.raises(NotAllowed, match="Ana"):
        program.pause("eve")
    kept = program.ask(lambda view: privacy.kept_of(view, program.actor("ada"), "UANA"))
    rows = dict(kept.rows)
    assert [each["person"] for each in rows["absences"]] == [kept.person.id]
    assert "Half a memo" in str(rows["drafts"])
    assert len(kept.sentences) == 1
    with program.database.reading() as connection:
        holding = {
            name
            for name in connection.scalars(_TABLES[program.database.name]).all()
            for row in connection.execute(text(f"SELECT * FROM {name}"))
            if {"UANA", kept.person.id} & set(map(str, row))
        }
    assert holding - {"people", "texts", "audit"} == set(rows)
    assert {"absences", "drafts", "memos", "outbox", "roles", "signals"} <= holding


def test_an_erasure_leaves_no_word_and_no_name_and_the_chain_whole(program: GrantsProgram) -> None:
    before = everything(program.database)
    assert all(word in before for word in (WORD, "UANA", "'Ana'"))
    fact, left = erase(program)
    privacy.sweep(program.desk)
    assert (fact.text_count > 2, fact.signal_count, fact.digest_count) == (True, 1, 0)
    assert f"owner of {program.workflow().name}" in left

    after = everything(program.database)
    assert [word for word in (WORD, "UANA", "'Ana'") if word in after] == []
    assert program.ask(lambda view: search(view, HOLDER, WORD)).hits == ()
    assert program.verify().ok
    assert program.verify().erased_texts == fact.text_count
    with pytest.raises(NotFound, match="or they were erased"):
        erase(program)


def test_no_sentence_of_the_program_names_them_any_more(program: GrantsProgram) -> None:
    program.decline(program.ask_skip("choose_operating_model"), reason="It is needed.")
    program.do("ana", absences.leave, program.at.date() + timedelta(days=2), program.person("max"))
    program.pause("max")
    for _ in range(2):
        with pytest.raises(NotAllowed, match="Ana"):
            program.resume("eve")
    with pytest.raises(NotAllowed, match="an admin"):
        erase(program, by="bea")
    assert {"UANA"} <= {posted.target for posted in program.posted()}

    fact, _ = erase(program)
    privacy.sweep(program.desk)
    found = everything(program.database)
    assert [word for word in ("Ana", "UANA") if re.search(rf"\b{word}\b", found)] == []
    assert len(fact.text_ids) == 2
    assert "is for an admin" in found
    assert (program.verify().ok, program.verify().erased_texts) == (True, fact.text_count + 2)


def test_words_typed_into_signals_go_with_whoever_typed_them(program: GrantsProgram) -> None:
    program.do("ana", saves.save, program.workflow(), f"Caught a {WORD} twice.", program.person("max"))
    typed = Typed(SignalType.INCIDENT, {"key": "INC-7", "severity": "2", "status": "open", "title": f"The {WORD}"})
    number = program.do("ana", numbers.record, program.workflow(), typed).signal
    assert titles(program) == [f"The {WORD}"]
    milder = corrections.Correction({"severity": "3"})
    program.do("bea", corrections.correct, f"{number.source}/{number.id}", milder, "It was milder.")
    assert (titles(program), program.verify().ok) == ([f"The {WORD}"], True)

    erase(program)
    privacy.sweep(program.desk)
    assert WORD not in everything(program.database)
    assert titles(program) == ["erased"]
    assert program.verify().ok


def titles(program: GrantsProgram) -> list[str]:
    """What the incidents of the workflow are called."""
    here = program.workflow().id
    with program.database.reading() as connection:
        return [
            each.latest.body.title
            for each in read_incidents(connection, (here,), program.at + timedelta(minutes=1))[here]
        ]


def test_how_someone_named_a_policy_goes_with_them(program: GrantsProgram) -> None:
    breach = Breach("Sent 3 refunds.", DeviationArea.OTHER, program.at.date(), f"The {WORD}")
    id_ = program.do("ana", deviations.open_one, program.workflow(), breach, None).deviation_id
    erase(program)
    privacy.sweep(program.desk)
    assert WORD not in everything(program.database)
    assert program.ask(lambda view: view.deviations.one(id_).policy) == "erased"


def test_what_lost_its_words_is_found_by_what_is_left_of_it(program: GrantsProgram) -> None:
    left = "refunds_agent other 4711"
    (before,) = program.ask(lambda view: search(view, HOLDER, left)).hits
    erase(program)
    (after,) = program.ask(lambda view: search(view, HOLDER, left)).hits
    assert after.id == before.id
    assert program.ask(lambda view: search(view, HOLDER, "works")).hits == ()


def at_the_command_line(program: GrantsProgram, name: str) -> Actor:
    """One of the cast as `--as` names them."""
    return replace(program.actor(name), through=Through.CLI, claimed="tester@host")


def test_only_an_admin_sees_or_erases_and_nobody_themselves(program: GrantsProgram) -> None:
    for by in ("ana", "bea", "stu"):
        with pytest.raises(NotAllowed, match="an admin"):
            erase(program, by=by)
        with pytest.raises(NotAllowed, match="an admin"):
            program.do(at_the_command_line(program, by), privacy.erase, "UANA", "They asked for it.")
        with pytest.raises(NotAllowed, match="an admin"):
            program.ask(partial(privacy.kept_of, actor=program.actor(by), asked="UANA"))
    for herself in ("UADA", known(program, "ada")):
        with pytest.raises(BadInput, match="can't erase yourself"):
            erase(program, herself)
    with pytest.raises(BadInput, match="why this person is erased"):
        erase(program, reason="  ")
    with pytest.raises(NotFound, match="Nobody known here goes by 'UNOBODY'"):
        erase(program, "UNOBODY")


def test_who_was_erased_holds_nothing_until_someone_else_does(program: GrantsProgram) -> None:
    erase(program)
    owner = next(each for each in program.workflow().holders if each.role is Role.OWNER)
    assert (owner.person.handle, owner.person.name) == (None, "someone erased")


def counted(program: GrantsProgram) -> tuple[int, int]:
    """How many signals are kept, and how many of them name someone."""
    with program.database.reading() as connection:
        many = connection.scalar(select(func.count()).select_from(signals))
        named = connection.scalar(select(func.count()).select_from(signals).where(signals.c.person.is_not(None)))
    return int(many or 0), int(named or 0)


def aged(program: GrantsProgram, by: timedelta) -> None:
    """Every signal that much older, as it came in and by its own account."""
    with program.database.writing() as connection:
        for row in connection.execute(select(signals.c.seq, signals.c.at, signals.c.received_at)).all():
            older = {"at": row.at - by, "received_at": row.received_at - by}
            connection.execute(update(signals).where(signals.c.seq == row.seq).values(older))


def test_reviewers_are_named_for_ninety_days(program: GrantsProgram) -> None:
    aged(program, REVIEWERS_KEPT - timedelta(days=1))
    forget_signals(program.desk)
    assert counted(program) == (1, 1)
    aged(program, timedelta(days=2))
    forget_signals(program.desk)
    assert counted(program) == (1, 0)


def test_signals_go_after_400_days_and_the_chain_says_so(program: GrantsProgram) -> None:
    program.desk.real.at += SIGNALS_KEPT - timedelta(hours=3)  # type: ignore[attr-defined]
    forget_signals(program.desk)
    assert counted(program)[0] == 1
    program.desk.real.at += timedelta(hours=4)  # type: ignore[attr-defined]
    program.send(review(program, output_id="o2"), by="max")
    for _ in range(2):
        forget_signals(program.desk)
    assert counted(program)[0] == 1
    with program.database.reading() as connection:
        rows = [connection.scalar(select(func.count()).select_from(table)) for table in set(TABLE_OF.values())]
    assert sum(int(each or 0) for each in rows) == 1
    assert [each["fact"] for each in program.chain()].count("signals_forgotten") == 1
    assert program.verify().ok


def test_what_still_holds_stays_however_old_it_is(program: GrantsProgram) -> None:
    def incident(key: str, status: str, minute: int) -> dict[str, object]:
        at = (program.at - timedelta(minutes=minute)).isoformat()
        told = {"severity": 1, "status": status, "title": "Down", "at": at}
        return {"id": f"{key}-{minute}", "type": "incident", "workflow": program.name, "key": key, **told}

    def seat(tier: str, people: int, minute: int) -> dict[str, object]:
        at = (program.at - timedelta(minutes=minute)).isoformat()
        said = {"tier": tier, "people": people, "trained": 1, "cost_usd_month": 10, "at": at}
        return {"id": f"{tier}-{minute}", "type": "seat", "team": "Support", **said}

    standing = (incident("A", "open", 9), incident("A", "open", 8), seat("pro", 4, 5), seat("team", 2, 6))
    over = (incident("B", "open", 7), incident("B", "resolved", 4), seat("pro", 3, 6))
    for each in (*standing, *over):
        sent = json.dumps({"source": "ci", **each})
        taken = take_in(program.desk, Asked(program.actor("max")), lines_of(io.StringIO(f"{sent}\n")))
        assert not taken.rejected, taken.rejected
    program.desk.real.at += SIGNALS_KEPT + timedelta(days=1)  # type: ignore[attr-defined]
    for _ in range(2):
        forget_signals(program.desk)
    with program.database.reading() as connection:
        left = set(connection.scalars(select(signals.c.id)))
    assert left == {each["id"] for each in standing}
    assert titles(program) == ["Down"]
    assert program.verify().ok


def test_a_signal_that_goes_before_its_time_is_found(program: GrantsProgram) -> None:
    with program.database.writing() as connection:
        for table in (*set(TABLE_OF.values()), signals):
            connection.execute(text(f"DELETE FROM {table.name}"))
    assert "signals were taken in" in str(program.verify().why)
