"""People stand behind random ids and their words outside the log, so that both can be erased."""

from datetime import timedelta

from sqlalchemy import text

from store import people, texts
from store.engine import Database
from store.people import StoredPerson
from tests.store.samples import AT
from tests.store.together import together


def test_a_person_has_one_random_id_from_the_first_meeting_on(database: Database) -> None:
    with database.writing() as connection:
        first, again = people.known(connection, "U1", AT), people.known(connection, "U1", AT + timedelta(days=1))
        other = people.known(connection, "U2", AT)
    assert (first == again, first == other, first.startswith("p_"), "U1" in first) == (True, False, True, False)


def test_a_person_met_by_eight_threads_at_once_is_one_person(database: Database) -> None:
    met: list[str] = []

    def meet() -> None:
        with database.writing() as connection:
            met.append(people.known(connection, "U1", AT))

    together([meet] * 8)
    assert (len(met), len(set(met))) == (8, 1)


def test_looking_for_someone_makes_nobody(database: Database) -> None:
    with database.reading() as connection:
        assert people.find(connection, "U1") is None


def test_an_erased_person_keeps_nothing_but_the_id_and_comes_back_as_another(database: Database) -> None:
    with database.writing() as connection:
        ana = people.known(connection, "U1", AT)
        people.describe(connection, ana, "Ana Lima", "Europe/Lisbon")
        assert people.read(connection, [ana, "p_nobody"]) == {ana: StoredPerson(ana, "U1", "Ana Lima", "Europe/Lisbon")}
        assert people.erase(connection, ana, AT)
        assert not people.erase(connection, ana, AT)
        people.describe(connection, ana, "Ana Lima", "Europe/Lisbon")
        assert people.read(connection, [ana]) == {ana: StoredPerson(ana, None, None, None)}
        assert people.known(connection, "U1", AT) != ana


def test_words_are_found_by_their_author_and_erased_for_good(database: Database) -> None:
    with database.writing() as connection:
        ana = people.known(connection, "U1", AT)
        hers = [texts.write(connection, words, ana, AT + timedelta(seconds=n)).id for n, words in enumerate("ab")]
        theirs = texts.write(connection, "c", None, AT).id
    with database.writing() as connection:
        assert texts.by_author(connection, ana) == tuple(hers)
        assert texts.erase(connection, hers) == 2
        assert texts.erase(connection, hers) == 0
    with database.reading() as connection:
        assert texts.read(connection, [*hers, theirs, "t_nobody"]) == {hers[0]: None, hers[1]: None, theirs: "c"}
        assert texts.by_author(connection, ana) == ()


def test_the_same_words_twice_do_not_give_themselves_away_by_their_hash(database: Database) -> None:
    with database.writing() as connection:
        first, second = (texts.write(connection, "no", None, AT) for _ in range(2))
    assert (first.id == second.id, first.sha256 == second.sha256) == (False, False)


def test_erased_words_are_gone_from_the_file_too(database: Database) -> None:
    if database.file is None:
        with database.reading() as connection:
            # PostgreSQL frees the old row by its own vacuum; that is the server's business.
            assert connection.execute(text("SHOW autovacuum")).scalar_one() == "on"
        return
    with database.writing() as connection:
        stored = texts.write(connection, "a canary that nobody must find", None, AT)
    with database.writing() as connection:
        texts.erase(connection, [stored.id])
    with database.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
    database.close()
    assert b"canary" not in b"".join(file.read_bytes() for file in database.file.parent.glob("rollout.db*"))
