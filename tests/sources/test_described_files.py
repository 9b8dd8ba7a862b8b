"""What a file of sources says of a system that it describes itself, and what is wrong with it, by line and key."""

from pathlib import Path

import pytest

from bot.settings import Settings
from tests.sources.test_connections import GOOD, configured, problems

DESCRIBED = """\
helpdesk:
  kind: http
  url: https://helpdesk.example/api
  reads:
    - workflow: refunds_agent
      path: surveys
      signals:
        - type: metric
          fields: {at: at, value: score}
          constants: {metric: csat}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: http", "kind: ftp", ["2: helpdesk.kind: 'ftp' is not known here: use one of: http, file."]),
        (
            "kind: http",
            "kind: file",
            [
                "3: helpdesk.url: is not for a file: leave it out.",
                "6: helpdesk.reads.0.path: must be a whole path, which begins with /.",
            ],
        ),
        (
            "  url: https://helpdesk.example/api\n",
            "",
            ["1: helpdesk.url: is missing: write the address below which its paths are."],
        ),
        (
            "https://helpdesk.example",
            "http://helpdesk.example",
            ["3: helpdesk.url: must be an address that begins with https://, without a question mark."],
        ),
        (
            "/api",
            "/api?key=1",
            ["3: helpdesk.url: must be an address that begins with https://, without a question mark."],
        ),
        (
            "helpdesk:",
            "Help desk:",
            ["1: 'Help desk': must have a name of a to z, digits and _, at most 40 of them, the first a letter."],
        ),
        (
            "  kind: http\n",
            "",
            [
                "1: helpdesk: is no source: use one of: github, incident_io, jira, langfuse, langsmith, linear, "
                "pagerduty."
            ],
        ),
        (
            "  reads:",
            "  timezone: Lisbon\n  reads:",
            ["4: helpdesk.timezone: is not usable. There is no time zone 'Lisbon'. Did you mean Europe/Lisbon?"],
        ),
        (
            "path: surveys",
            "path: surveys?kind=csat",
            [
                "6: helpdesk.reads.0.path: must be a path below the url: what follows a question mark stands in query.",
            ],
        ),
        (
            "path: surveys",
            "path: surveys\n      itens: data",
            ["7: helpdesk.reads.0.itens: is not known here: did you mean 'items'?"],
        ),
        (
            "path: surveys",
            "path: surveys\n      query: {a: '{until}'}",
            [
                "7: helpdesk.reads.0.query.a: must be one value, in "
                "which {since}, {since_day}, {since_seconds} stand for where the last run ended."
            ],
        ),
        (
            "path: surveys",
            "path: surveys\n      pages: {by: cursor, path: a}",
            ["7: helpdesk.reads.0.pages.parameter: is missing: paging by cursor needs it."],
        ),
        (
            "path: surveys",
            "path: surveys\n      format: csv\n      items: a",
            ["8: helpdesk.reads.0.items: is not for CSV: leave it out."],
        ),
        (
            "type: metric",
            "type: metrics",
            ["8: helpdesk.reads.0.signals.0.type: is no type of signal here: did you mean metric?"],
        ),
        (
            "type: metric",
            "type: seat",
            [
                "8: helpdesk.reads.0.signals.0.type: is no type of signal here: use one of: metric, "
                "eval_run, review, rework, incident, change, work_item, red_line, agent_action, quality_save."
            ],
        ),
        (
            "value: score",
            "valeu: score",
            [
                "9: helpdesk.reads.0.signals.0.fields: lacks value, which a signal of type metric must have.",
                "9: helpdesk.reads.0.signals.0.fields.valeu: is no field of a signal of type metric: did you mean "
                "value?",
            ],
        ),
        (
            "value: score",
            "value: a..b",
            ["9: helpdesk.reads.0.signals.0.fields.value: must be names with dots between them, as ticket.id."],
        ),
        (
            "{metric: csat}",
            "{metric: csat, value: 1}",
            ["10: helpdesk.reads.0.signals.0.constants.value: stands in fields too: leave one out."],
        ),
        ("{metric: csat}", "{metric: [csat]}", ["10: helpdesk.reads.0.signals.0.constants.metric: must be one value."]),
        (
            "{metric: csat}",
            "{metric: csat}\n          words: {n: {a: 1}}",
            ["11: helpdesk.reads.0.signals.0.words.n: is in no field: say in fields where it stands."],
        ),
        (
            "{metric: csat}",
            "{metric: csat}\n          when: {a: {exist: true}}",
            [
                "11: helpdesk.reads.0.signals.0.when.a: "
                "must be one value, a list of values, or {exists: true} or {exists: false}."
            ],
        ),
        (
            "type: metric\n          fields: {at: at, value: score}\n          constants: {metric: csat}",
            "type: rework\n          fields: {at: at}\n          constants: {kind: defct, cost_usd: 4}",
            [
                "10: helpdesk.reads.0.signals.0.constants.kind: is not known here: use one of: rollback, escalation, "
                "security_exception, reopened, defect.",
            ],
        ),
        (
            "type: metric\n          fields: {at: at, value: score}",
            "type: work_item\n          words: {status: {new: opened}}\n"
            "          fields: {key: k, title: t, status: s, at: a}",
            [
                "9: helpdesk.reads.0.signals.0.words.status.new: is not known here: use one of: open, blocked, done.",
                "11: helpdesk.reads.0.signals.0.constants.metric: is no field of a signal of type work_item: use one "
                "of: at, id, url, key, title, status, due, assignee.",
            ],
        ),
        (
            "{metric: csat}\n",
            "{metric: csat}\n    - {workflow: refunds_agent, path: surveys, signals: [{type: metric, "
            "constants: {at: 2026-03-05, value: 1, metric: a}}]}\n",
            ["11: helpdesk.reads.1.path: is read for refunds_agent already: put the signals of both together."],
        ),
    ],
)
def test_what_is_wrong_with_a_described_source_is_said_by_line_and_key(
    tmp_path: Path, old: str, new: str, said: list[str]
) -> None:
    assert old in DESCRIBED
    assert problems(tmp_path, DESCRIBED.replace(old, new, 1)) == said


def test_a_described_source_stands_under_its_own_name_and_has_its_own_token(tmp_path: Path) -> None:
    github, helpdesk = configured(tmp_path, GOOD + DESCRIBED, GITHUB_TOKEN="t", SOURCE_TOKEN_HELPDESK="u")
    assert (github.name, helpdesk.name, helpdesk.problem) == ("github", "helpdesk", "")
    assert [(each.key, each.workflow) for each in helpdesk.strands] == [("surveys → refunds_agent", "refunds_agent")]
    tokens = Settings.read({"SOURCE_TOKEN_HELPDESK": " u ", "SOURCE_TOKEN_OTHER": ""}).source_tokens
    assert {name: token.get_secret_value() for name, token in tokens.items()} == {"helpdesk": "u"}
    (tmp_path / "token").write_text("v\n", "utf-8")
    tokens = Settings.read({"SOURCE_TOKEN_HELPDESK_FILE": str(tmp_path / "token")}).source_tokens
    assert {name: token.get_secret_value() for name, token in tokens.items()} == {"helpdesk": "v"}
