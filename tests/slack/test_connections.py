"""Sources mapped by hand in conversation: by an admin, checked as in the file, read at once, taken away again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.actions import connections
from bot.actions.desk import Asked
from bot.domain.sources import Mapped
from tests.blockkit.observer import Observer
from tests.slack import forgery
from tests.slack.cast import ANA, RUI
from tests.slack.conftest import judged, opened
from tests.slack.conversation import Someone
from tests.slack.office import Office
from tests.slack.reading import fields
from tests.slack.test_forged import picked
from tests.sources.system import Reply, System, serving

PULLS = "/repos/acme/macros/pulls"
CHANGE = {
    "number": 12,
    "title": "A macro",
    "user": {"login": "ana"},
    "created_at": "2026-03-04T09:00:00Z",
    "updated_at": "2026-03-05T09:00:00Z",
    "closed_at": "2026-03-05T09:00:00Z",
    "merged_at": "2026-03-05T09:00:00Z",
}
COMMITS = [{"sha": "abc", "commit": {"message": "A macro", "author": {"date": "2026-03-03T21:00:00Z"}}}]


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """A GitHub with one merged pull request in acme/macros, and nothing in acme/filed."""
    with serving() as running:
        running.at(PULLS, Reply([CHANGE]))
        running.at(f"{PULLS}/12/commits", Reply(COMMITS))
        running.at("/repos/acme/filed/pulls", Reply([]))
        yield running


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory, system: System) -> Iterator[Office]:
    """An office whose file of sources maps one repository."""
    folder: Path = tmp_path_factory.mktemp("office")
    file = folder / "sources.yaml"
    file.write_text("github: [{repository: acme/filed, workflow: filed_agent}]\n", "utf-8")
    settings = {"ROLLOUT_SOURCES": str(file), "GITHUB_TOKEN": "canary-4711", "GITHUB_API_URL": system.url}
    yield from opened(Office(folder, "socket", **settings))


@pytest.fixture
def office(premises: Office, checked_payloads: Observer) -> Iterator[Office]:
    """The same for one test."""
    yield from judged(premises)


def by_hand(office: Office) -> list[Mapped]:
    with office.desk.reading() as view:
        return [Mapped(each.source, each.place, each.workflow) for each in view.sources.by_hand()]


def changes(office: Office) -> int:
    """How many signals came from GitHub."""
    with office.desk.reading() as view:
        return sum(view.signals.one("github", f"acme/macros#{number}:merged") is not None for number in (12,))


def fills(office: Office, name: str, place: str) -> Someone:
    """Rui, who administers, with the window filled."""
    rui = office.person(RUI).types("/rollout connect", in_=office.room())
    return rui.fills(source="github (repository)", place=place, workflow=name)


def removes_all(office: Office) -> None:
    rui = office.person(RUI).types("/rollout connect", in_=office.room())
    for _ in by_hand(office):
        rui.clicks("Remove")
    assert by_hand(office) == []


def test_an_admin_maps_a_repository_which_is_read_without_a_restart_and_takes_it_away(office: Office) -> None:
    name = office.case().name
    rui = office.person(RUI).types("/rollout connect", in_=office.room())
    rui.sees("Nothing is mapped by hand yet.", "By the file of sources", "github · acme/filed → filed_agent")
    assert (len(fields(rui.windows[-1])), rui.options("source")) == (
        3,
        ["github (repository)", "jira (project)", "linear (team)", "pagerduty (service)"],
    )
    rui.fills(source="github (repository)", place=" acme/macros ", workflow=name).submits()
    rui.sees(f"✓ github reads acme/macros for {name} from now on.")
    assert by_hand(office) == [Mapped("github", "acme/macros", name)]
    office.until(lambda: changes(office) == 1, "the change that was read")

    rui.types("/rollout connect").sees("1 mapping", "by hand", f"github · acme/macros → {name}").clicks("Remove")
    rui.sees(f"✓ github reads acme/macros for {name} no more.", "Nothing is mapped by hand yet.")
    assert (by_hand(office), changes(office)) == ([], 1)


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(office: Office) -> None:
    name = office.case().name
    rui = fills(office, name, "acme")
    with office.nothing_changes():
        rui.tries_to_submit().sees_error("place", "The repository must be an owner and a name, as acme/macros.")
        rui.fills(place=" ").tries_to_submit().sees_error("place", "Type which repository of github belongs to")
    assert rui.typed("place") == " "
    rui.fills(place="Acme/Macros").submits()
    rui = fills(office, name, "acme/macros")
    with office.nothing_changes():
        rui.tries_to_submit().sees_error("place", f"acme/macros is mapped to {name} already: /rollout connect shows it")
    removes_all(office)


def test_a_source_without_a_token_is_mapped_and_the_answer_says_what_it_lacks(office: Office) -> None:
    name = office.case().name
    rui = fills(office, name, "SUP").fills(source="jira (project)").submits()
    rui.sees("✓ jira reads SUP for", "But jira has no token: set JIRA_TOKEN to MAIL:TOKEN")
    removes_all(office)


def test_whoever_is_no_admin_is_refused_before_typing(office: Office) -> None:
    case = office.case()
    with office.nothing_changes():
        ana = office.person(ANA).types("/rollout connect", in_=case.room)
        ana.sees("Sources are mapped to workflows by an admin (ROLLOUT_ADMINS): ask one of them.")
    assert ana.windows == []


def test_who_removes_what_another_removed_is_told_so(office: Office) -> None:
    fills(office, office.case().name, "acme/macros").submits()
    rui = office.person(RUI).types("/rollout connect", in_=office.room())
    with office.desk.reading() as view:
        (mapped,) = view.sources.by_hand()
    office.desk.do(Asked(office.desk.actor(RUI)), connections.disconnect, mapped.id)
    with office.nothing_changes():
        rui.clicks("Remove").sees("This was taken away already")


@pytest.mark.parametrize(
    "forged",
    [
        {"source": picked("incident_io")},
        {"source": picked("")},
        {"place": "acme/../x"},
        {"place": "\ud800/x"},
        {"place": "\u200b"},
        {"source": picked("linear"), "place": "\ud800"},
        {"source": picked("linear"), "place": "x" * 3000},
        {"workflow": picked("nobody")},
        {"workflow": picked("")},
    ],
)
def test_a_window_with_forged_answers_maps_nothing(office: Office, forged: dict[str, object]) -> None:
    name = office.case().name
    values = {"source": picked("github"), "place": "acme/macros", "workflow": picked(name)} | forged
    view = {"callback_id": "connect", "private_metadata": forgery.metadata()}
    with office.nothing_changes():
        ack = office.forges("interactive", forgery.submission(office, RUI, view, values))
    assert (ack.error, ack.body["response_action"]) == (None, "errors")
    assert "on our side" not in str(ack.body)
