"""What a playbook file is refused for: each with its file, line and key, and all of them at once."""

from pathlib import Path

import pytest

from bot import playbooks
from bot.domain.errors import RolloutError
from bot.playbooks import PlaybookError, Problem
from tests.playbook_texts import SMALL, SOURCE, problems, problems_after, spoiled

EARLY, LATE = "phases.0.windows.0", "phases.0.windows.1"
GAMMA, DELTA = f"{LATE}.items.0", "phases.1.windows.0.items.0"
ROLES = "owner, steward, eval_owner, gatekeeper"

REFUSED: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "two bars for one eval": (
        [("min_pass: 0.95,", "min_pass: 0.95, lower_bound: 0.91,")],
        ["44: phases.0.gate.checks.eval: needs exactly one of min_pass and lower_bound."],
    ),
    "a share above one": (
        [("min_pass: 0.95", "min_pass: 95")],
        ["44: phases.0.gate.checks.eval.min_pass: must be at most 1."],
    ),
    "a share in exponents": (
        [("min_pass: 0.95", "min_pass: 9.5e-1")],
        ["44: phases.0.gate.checks.eval.min_pass: must be a number such as 0.95."],
    ),
    "an unknown rule": (
        [("review.slow:", "review.slo:")],
        ["12: thresholds.review.slo: is no rule with thresholds: did you mean 'review.slow'?"],
    ),
    "an unknown threshold": (
        [("max_hours: 8", "hours: 8")],
        ["12: thresholds.review.slow.hours: is no threshold of this rule: did you mean 'max_hours'?"],
    ),
    "half an hour where hours are whole": (
        [("max_hours: 8", "max_hours: 8.5")],
        ["12: thresholds.review.slow.max_hours: must be a whole number that is not negative."],
    ),
    "yes for true": (
        [("required: false", "required: no")],
        ["72: phases.2.windows.0.items.0.required: must be true or false; yes, no, on and off are words here."],
    ),
    "true for text": (
        [("title: Do gamma", "title: true")],
        [f"32: {GAMMA}.title: must be text: put it in quotes."],
    ),
    "on as a key": (
        [("title: Do gamma", "title: Do gamma\n            on: x")],
        [
            f"33: {GAMMA}.on: is not known here: use one of: id, title, why, role, due_day, required, evidence, "
            "done_when, max_age_days, every, working_days, after."
        ],
    ),
    "a number in quotes": (
        [("due_day: 20\n", "due_day: '20'\n")],
        [f"35: {GAMMA}.due_day: must be a whole number."],
    ),
    "a number in base sixteen": (
        [("due_day: 20\n", "due_day: 0x14\n")],
        [f"35: {GAMMA}.due_day: must be a whole number."],
    ),
    "a title too long for a phone": (
        [("title: Do gamma", f"title: {'x' * 71}")],
        [f"32: {GAMMA}.title: has 71 characters; at most 70 fit."],
    ),
    "a title of two lines": (
        [("title: Do gamma", 'title: "Do\\ngamma"')],
        [f"32: {GAMMA}.title: has a line break or an invisible character in it: write one plain line."],
    ),
    "a title that reads backwards": (
        [("title: Do gamma", 'title: "Do \\u202egamma"')],
        [f"32: {GAMMA}.title: has a line break or an invisible character in it: write one plain line."],
    ),
    "a blank title": (
        [("title: Do gamma", 'title: " "')],
        [f"32: {GAMMA}.title: is blank: write what people should read."],
    ),
    "holidays that are none": (
        [("version: 1", "version: 1\nholidays: [2026-02-30, 5, 2026-12-25]\nholiday_calendar: pt")],
        [
            "4: holidays.0: is no day of the calendar.",
            "4: holidays.1: must be a date such as 2026-12-25.",
            "5: holiday_calendar: must be a country code such as PT or US-CA.",
        ],
    ),
    "an anchor and its alias": (
        [("title: Do gamma", "title: &a Do gamma"), ("why: Because.\n", "why: *a\n")],
        [
            f"32: {GAMMA}.title: has the anchor '&a': anchors are not taken here.",
            f"33: {GAMMA}.why: uses the alias '*a': write the value out.",
        ],
    ),
    "a tag": (
        [("title: Do gamma", "title: !!python/object/apply:os.system x")],
        [f"32: {GAMMA}.title: has the tag 'tag:yaml.org,2002:python/object/apply:os.system': tags are not taken here."],
    ),
    "a merge key": (
        [("title: Do gamma", "title: Do gamma\n            <<: {required: false}")],
        [
            f"33: {GAMMA}.'<<': is not known here: use one of: id, title, why, role, due_day, required, evidence, "
            "done_when, max_age_days, every, working_days, after."
        ],
    ),
    "a key that is a list": (
        [("title: Do gamma", "title: Do gamma\n            ? [a]\n            : b")],
        [f"33: {GAMMA}: has a key that is not plain text."],
    ),
    "YAML that is none": (
        [("version: 1", "version: ]")],
        ["3: is not valid YAML here: did not find expected node content."],
    ),
    "a key written twice before YAML that is none": (
        [("title: Small\n", "title: Small\ntitle: Tiny\n"), ("  - name: scaling", "  - name: [")],
        [
            "3: title: is written twice; the first is on line 2.",
            "65: is not valid YAML here: did not find expected ',' or ']'.",
        ],
    ),
    "a second document": (
        [("every: 90d}\n", "every: 90d}\n---\nid: other\n")],
        ["83: has a second document: one file holds one document."],
    ),
}


@pytest.mark.parametrize(("changes", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_a_playbook_is_refused_for(changes: list[tuple[str, str]], told: list[str]) -> None:
    assert problems_after(*changes) == [f"{SOURCE}:{line}" for line in told]


def test_the_small_playbook_itself_is_valid() -> None:
    assert problems(SMALL) == []


@pytest.mark.parametrize("word", ["on", "yes", "off", "No", "TRUE", "~x", "1_000", "012", "2026-01-01", "1e5"])
def test_a_word_is_kept_as_the_word_that_it_is(word: str) -> None:
    playbook = playbooks.load(spoiled(("title: Do gamma", f"title: {word}")), SOURCE)
    assert playbook.item("gamma").title == word


def test_every_error_is_told_at_once() -> None:
    changes = [
        ("version: 1", "version: 0"),
        ("title: Small", "title: Small\ntitle: Tiny"),
        ("max_hours: 8", "hours: 8"),
        ("role: lead", "role: boss"),
        ("first_day: 16\n", "first_day: 17\n"),
        ("after: [beta]", "after: [gamma]"),
        ("to: scaling", "to: pilot"),
        ("due_day: 70", "due_day: 95"),
        ("why: Because., role: steward, due_day: 120", "wy: Because., role: steward, due_day: 120"),
    ]
    assert [line.split(": ")[:2] for line in problems_after(*changes)] == [
        [f"{SOURCE}:3", "title"],
        [f"{SOURCE}:4", "version"],
        [f"{SOURCE}:13", "thresholds.review.slow.hours"],
        [f"{SOURCE}:26", f"{EARLY}.items.1.role"],
        [f"{SOURCE}:29", f"{LATE}.first_day"],
        [f"{SOURCE}:39", f"{GAMMA}.after"],
        [f"{SOURCE}:59", "phases.1.gate.to"],
        [f"{SOURCE}:73", "phases.2.windows.0.items.0.due_day"],
        [f"{SOURCE}:83", "phases.3.windows.0.items.0.why"],
        [f"{SOURCE}:83", "phases.3.windows.0.items.0.wy"],
    ]


def test_a_problem_says_file_line_key_and_what_is_wrong() -> None:
    with pytest.raises(PlaybookError) as caught:
        playbooks.load(spoiled(("version: 1", "version: one")), SOURCE)
    assert caught.value.problems == (Problem(SOURCE, 3, "version", "must be a whole number."),)
    assert str(caught.value) == f"{SOURCE}:3: version: must be a whole number."
    assert isinstance(caught.value, RolloutError)


def test_check_names_every_problem_of_every_file(tmp_path: Path) -> None:
    good, bad, none = tmp_path / "good.yaml", tmp_path / "bad.yaml", tmp_path / "none.yaml"
    good.write_text(SMALL)
    bad.write_text(spoiled(("version: 1", "version: 0"), ("role: lead", "role: boss")))
    found = playbooks.check([good, bad, none, tmp_path])
    assert [(p.source, p.line, p.key) for p in found] == [
        (str(bad), 3, "version"),
        (str(bad), 25, f"{EARLY}.items.1.role"),
        (str(none), 1, ""),
        (str(tmp_path), 1, ""),
    ]
    assert [p.message for p in found[2:]] == [
        "cannot be read: no such file or directory.",
        "cannot be read: is a directory.",
    ]


def test_check_reads_utf_8_with_and_without_a_mark_and_nothing_else(tmp_path: Path) -> None:
    marked, latin = tmp_path / "marked.yaml", tmp_path / "latin.yaml"
    marked.write_bytes(SMALL.encode("utf-8-sig"))
    latin.write_bytes(SMALL.replace("title: Small", "title: Größe").encode("latin-1"))
    assert playbooks.check([marked, latin]) == (
        Problem(str(latin), 2, "", "is not UTF-8 text here: save it as UTF-8."),
    )


def test_text_for_many_kinds_of_reader_passes() -> None:
    playbook = playbooks.load(spoiled(("title: Do gamma", "title: 'Größe 95 % · שלום 漢字'")), SOURCE)
    assert playbook.item("gamma").title == "Größe 95 % · שלום 漢字"
