"""Words that people type: long, from right to left, with emoji, with traps; kept as typed, and harmless."""

import pytest

from tests.slack import forgery
from tests.slack.cast import ANA, MEI
from tests.slack.office import Office

CHOOSE, MEASURE = "Choose a workflow of clear value", "Write down today's volume"
HOSTILE = (
    "<!channel> hello",
    "<!here> <@U0MEI> <!subteam^S0APPROVERS>",
    "<https://evil.example.org|log in>",
    "@channel @here @everyone",
    "a & b < c > d",
    "*bold* _not_ `code` ```block```",
    "مرحبا بالعالم",
    "שלום \u202edlrow\u202c",
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🇵🇹 é",
    "{{ 7 * 7 }} {% raw %} ${x} %s",
    "'; DROP TABLE workflows; --",
)


def sent(office: Office, room: str) -> str:
    """Everything that stands in a room as Slack has it, markup and all."""
    return str(office.person(ANA).messages(room)) + str([one for _, one in office.workspace.rooms[room].whispers])


def alarms(markup: str) -> list[str]:
    """What would wake people or lead away."""
    return [trap for trap in ("<!channel", "<!here", "<!everyone", "<!subteam", "<https://evil") if trap in markup]


@pytest.mark.parametrize("words", [" ".join(HOSTILE[:6]), "\n".join(HOSTILE[6:9]), HOSTILE[9], HOSTILE[10]])
def test_a_purpose_and_a_note_are_kept_as_typed_and_call_nobody(office: Office, words: str) -> None:
    ana, room, name = office.person(ANA), office.room(), office.fresh()
    ana.types("/rollout start", in_=room).fills(name=name, purpose=words).submits().sees(f"{name} is on day 1")
    ana.types(f"/rollout checklist {name}").clicks("Done…", beside=CHOOSE)
    ana.fills(evidence=words, note=words).submits().sees(f"✓ {CHOOSE}")
    ana.picks("Block…", beside=MEASURE).fills(note=words).submits().sees(f"! {MEASURE}")
    ana.types(f"/rollout status {name}").sees("1 blocked").types(f"/rollout checklist {name}")
    ana.picks("History", beside=CHOOSE).sees("done by Ana Duarte").closes()
    ana.types(f"/rollout pause {name}").fills(reason=words).submits().sees(f"{name} is paused")
    office.settle()
    markup = sent(office, room)
    assert alarms(markup) == []
    assert markup.count("<@U0MEI>") == 0
    with office.desk.reading() as view:
        kept = view.workflow(name)
    assert kept.pause
    assert (kept.purpose, kept.pause.reason) == (words.strip(), words.strip())


def test_the_reason_of_a_request_calls_nobody_on_its_cards(office: Office) -> None:
    words = "\n".join(HOSTILE)
    mei, case = office.person(MEI), office.case()
    ana = office.person(ANA).types(f"/rollout checklist {case.name}", in_=case.room)
    ana.picks("Skip…", beside=CHOOSE).fills(reason=words).submits().sees("asks to skip")
    mei.room = case.room
    mei.clicks("Decline…", beside="asks to skip").fills(reason=words).submits().sees("✗ Declined by Mei Tanaka")
    office.settle()
    assert alarms(sent(office, case.room) + str(mei.messages(mei.direct))) == []


@pytest.mark.parametrize("words", [*HOSTILE[:4], HOSTILE[7]])
def test_a_team_may_bear_any_name_and_calls_nobody(office: Office, words: str) -> None:
    ana, case = office.person(ANA), office.case()
    name = f"{case.name} {words}"[:80]
    ana.types("/rollout team", in_=case.room).clicks("Edit…").fills(name=name).submits().sees("is corrected")
    ana.types("/rollout team").types("/rollout status").types("/rollout start").sees(case.name).closes()
    office.settle()
    assert alarms(sent(office, case.room)) == []


def test_a_wrong_verb_or_name_is_said_back_harmlessly(office: Office) -> None:
    room = office.room()
    with office.nothing_changes():
        for words in HOSTILE:
            ana = office.person(ANA).types(f"/rollout {words}", in_=room).sees("There is no /rollout")
            ana.types(f"/rollout status {words}").sees("There is no workflow")
    assert alarms(sent(office, room)) == []


def test_what_was_typed_with_slacks_three_marks_is_said_back_as_typed(office: Office) -> None:
    ana = office.person(ANA).types("/rollout <b>&co", in_=office.room()).sees("There is no /rollout <b>&co.")
    ana.types("/rollout status <b>&co").sees("There is no workflow '<b>&co'.")


@pytest.mark.parametrize("text", ["x" * 4000, "status " + "x" * 4000, "status " + "x " * 2000, "🏴󠁧󠁢󠁳󠁣󠁴󠁿" * 500])
def test_four_thousand_characters_get_a_short_answer(office: Office, text: str) -> None:
    room = office.room()
    with office.nothing_changes():
        ana = office.person(ANA).types(f"/rollout {text}", in_=room).sees("There is no")
    assert len(ana.messages()[-1]["text"]) < 600


def test_a_note_that_is_too_long_is_refused_beside_its_field(office: Office) -> None:
    case = office.case()
    kept = forgery.metadata(workflow=case.id, item="choose_workflow", version="0", origin="c")
    view = {"callback_id": "item.done", "private_metadata": kept}
    values = {"evidence": "https://a.example", "note": "x" * 4000}
    with office.nothing_changes():
        ack = office.forges("interactive", forgery.submission(office, ANA, view, values))
    assert list(ack.body["errors"]) == ["note"]
    assert "4,000 characters and at most 3,000 fit" in ack.body["errors"]["note"]


@pytest.mark.parametrize("bad", ["nul\0inside", "half \ud83d a character", "\udc00"])
def test_characters_that_cannot_be_stored_are_refused_beside_their_field(office: Office, bad: str) -> None:
    case = office.case()
    kept = forgery.metadata(workflow=case.id, item="choose_workflow", version="0", origin="c")
    done = {"callback_id": "item.done", "private_metadata": kept}
    pause = {"callback_id": "workflow.pause", "private_metadata": forgery.metadata(workflow=case.id)}
    sent_in = (
        (done, {"evidence": "https://a.example", "note": bad}, "note"),
        (done, {"evidence": bad, "note": ""}, "evidence"),
        (pause, {"reason": bad}, "reason"),
    )
    with office.nothing_changes():
        for view, values, field in sent_in:
            ack = office.forges("interactive", forgery.submission(office, ANA, view, values))
            assert "can't be stored" in ack.body["errors"][field]
        for verb in ("", "status ", "checklist ", "pause "):
            ack = office.forges("slash_commands", forgery.command(office, ANA, case.room, f"{verb}{bad}"))
            assert any(said in ack.body["text"] for said in ("There is no", "What you can type", "cannot be saved"))


def test_names_are_shown_without_what_turns_the_reading_direction(office: Office) -> None:
    ana, case = office.person(ANA), office.case()
    ana.types("/rollout team", in_=case.room).clicks("Edit…")
    ana.fills(name=f"{case.name} \u202eevil\u202c").submits().sees(f"{case.name} evil is corrected")


def test_a_name_of_other_letters_is_refused_with_an_example(office: Office) -> None:
    ana = office.person(ANA).types("/rollout start", in_=office.room())
    with office.nothing_changes():
        for name in ("возврат", "refunds🙂", "<!channel>", "../../etc", "-x", "a" * 61):
            ana.fills(name=name, purpose="Sorts tickets.").tries_to_submit().sees_error("name")
        assert ana.typed("purpose") == "Sorts tickets."
