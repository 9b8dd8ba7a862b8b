"""The file of sources: what belongs to which workflow, and what is wrong with it, by line."""

import re
from pathlib import Path

import pytest

from bot.connections import connected, known_sources
from bot.settings import Settings, SettingsError
from bot.sources.seam import Source
from tests.readme_tables import README
from tests.sources.system import World

GOOD = """\
github:
  - repository: acme/macros
    workflow: support_macros
  - repository: acme/macros
    workflow: refunds_agent
    labels: [refunds]
    authors: [macro-bot]
    agents: {authors: [macro-bot], labels: [agent]}
    irreversible: [irreversible]
    rework_cost_usd: 250
    since: 2026-01-15
    evals:
      branch: main
      checks: {evals / refunds: refunds_core}
"""


def configured(tmp_path: Path, text: str | None, **settings: str) -> tuple[Source, ...]:
    """The sources of a file with this text."""
    given = dict(settings)
    if text is not None:
        (tmp_path / "sources.yaml").write_text(text, "utf-8")
        given["ROLLOUT_SOURCES"] = str(tmp_path / "sources.yaml")
    return connected(Settings.read(given), World().surroundings())


def problems(tmp_path: Path, text: str) -> list[str]:
    """What is wrong with it, without the file's place."""
    with pytest.raises(SettingsError) as raised:
        configured(tmp_path, text, GITHUB_TOKEN="t")
    return [each.replace(f"ROLLOUT_SOURCES: {tmp_path}/sources.yaml:", "") for each in raised.value.problems]


def test_each_repository_of_a_workflow_is_a_strand_and_so_are_its_evals(tmp_path: Path) -> None:
    (github,) = configured(tmp_path, GOOD, GITHUB_TOKEN="t")
    assert (github.name, github.problem) == ("github", "")
    assert [(each.key, each.workflow) for each in github.strands] == [
        ("acme/macros → support_macros", "support_macros"),
        ("acme/macros → refunds_agent", "refunds_agent"),
        ("acme/macros evals → refunds_agent", "refunds_agent"),
    ]


def test_without_a_file_nothing_is_read(tmp_path: Path) -> None:
    assert configured(tmp_path, None, GITHUB_TOKEN="t") == ()
    assert "github" in known_sources()


def test_what_the_readme_shows_can_be_used(tmp_path: Path) -> None:
    shown = re.findall(r"```yaml\n(\w+:\n.*?)```", README.read_text("utf-8"), re.DOTALL)
    of_sources = "".join(each for each in shown if each.partition(":")[0] in known_sources())
    assert tuple(each.name for each in configured(tmp_path, of_sources)) == known_sources()


def test_without_a_token_it_says_which_variable_is_missing(tmp_path: Path) -> None:
    (github,) = configured(tmp_path, GOOD)
    assert github.problem == "github has no token: set GITHUB_TOKEN to one that may read its repositories."
    assert github.strands == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "asana: []\n",
            ["1: asana: is no source: use one of: github, incident_io, jira, langfuse, langsmith, linear, pagerduty."],
        ),
        ("[]\n", ["1: must name sources, each with its entries."]),
        ("github: []\n", ["1: github: must be a list of entries."]),
        ("github: x\n", ["1: github: must be a list of entries."]),
        ("github: [{workflow: a}]\n", ["1: github.0.repository: is missing."]),
        (
            "github:\n  - repository: acme\n    workflow: a\n    lables: [x]\n",
            [
                "2: github.0.repository: must be an owner and a name, as acme/macros.",
                "4: github.0.lables: is not known here: did you mean 'labels'?",
            ],
        ),
        (
            "github: [{repository: ../../user, workflow: a}]\n",
            ["1: github.0.repository: must be an owner and a name, as acme/macros."],
        ),
        (
            "github: [{repository: a/.., workflow: a}]\n",
            ["1: github.0.repository: must be an owner and a name, as acme/macros."],
        ),
        (
            "github: [{repository: a/b, workflow: a, since: May}]\n",
            ["1: github.0.since: must be a date such as 2026-09-01."],
        ),
        ("github: [{repository: a/b, workflow: a, labels: [x, x]}]\n", ["1: github.0.labels: names something twice."]),
        (
            "github: [{repository: a/b, workflow: a, evals: {checks: {}}}]\n",
            ["1: github.0.evals.checks: must name at least 1."],
        ),
        (
            "jira: [{workflow: a}]\n",
            ["1: jira.0: must name a project, labels or a query: they say which items belong to the workflow."],
        ),
        (
            "linear: [{workflow: a}]\n",
            ["1: linear.0: must name a team, a project or labels: they say which issues belong to the workflow."],
        ),
        (
            "jira:\n  - workflow: a\n    project: sup\n    query: x ORDER  BY y\n",
            [
                "3: jira.0.project: must be the key of a project, as SUP.",
                "4: jira.0.query: must be JQL of at most 1,000 characters, without ORDER BY.",
            ],
        ),
        (
            "incident_io:\n  - workflow: a\n    severities: {Major: 9}\n  - {workflow: b}\n",
            [
                "3: incident_io.0.severities.Major: must be at most 5.",
                "4: incident_io.1: would take every incident: say which, by fields, types or only_severities.",
            ],
        ),
        (
            "langfuse:\n  - workflow: a\n  - workflow: b\n    reviews:\n      - score: x,y\n        approved: [good]\n"
            "      - {score: z, approved: [a], rejected: [a]}\n      - {score: z, approved: [a], sources: [EVAL]}\n"
            "    evals:\n      - {dataset: d, score: s}\n      - {dataset: d, score: s, at_least: 1, passes: [b]}\n"
            "      - dataset: d\n        score: s\n        at_least: high\n"
            "  - workflow: c\n    reviews:\n      - {score: z, approved: [a], edited: [b]}\n"
            "      - {score: z, approved: [[c]], edited: [b]}\n"
            "  - workflow: d\n    evals: [{dataset: d, score: s, at_least: 1}, {dataset: d, score: t, at_most: 1}]\n"
            "  - workflow: e\n    reviews:\n      - {score: y, approved: [a], edited: [b], queue: q}\n"
            "      - {score: z, approved: [a], edited: [b], queue: q}\n",
            [
                "2: langfuse.0: would bring nothing: name scores in reviews, or datasets in evals.",
                "5: langfuse.1.reviews.0.score: must have no comma: Langfuse takes one as the end of a name.",
                "7: langfuse.1.reviews.1: has 'a' under two outcomes: keep the one that it means.",
                "8: langfuse.1.reviews.2.sources.0: 'EVAL' is not known here: use one of: ANNOTATION, API.",
                *(
                    f"{line}: langfuse.1.evals.{line - 10}: must say when a case passes: by at_least or at_most, or "
                    "else by the values in passes."
                    for line in (10, 11)
                ),
                "14: langfuse.1.evals.2.at_least: must be a number such as 0.95.",
                "18: langfuse.2.reviews.1.approved.0: must be one value, such as good, true or 4.",
                "19: langfuse.3: names 'd' twice: give each a suite of its own.",
                "21: langfuse.4: names 'q' twice: keep a queue with one score.",
            ],
        ),
        (
            "langsmith:\n  - workflow: a\n  - workflow: b\n    reviews:\n"
            "      - {project: p, feedback: f, approved: [1], rejected: [0], sources: [model]}\n"
            "  - workflow: c\n    evals: [{dataset: d, feedback: f}]\n    since: soon\n"
            "  - workflow: d\n    reviews:\n"
            "      - {project: p, feedback: f, approved: [1], rejected: [0], queue: q}\n"
            "      - {project: o, feedback: f, approved: [1], rejected: [0], queue: q}\n"
            "      - {project: p, feedback: g, approved: [1], rejected: [0], queue: q}\n",
            [
                "2: langsmith.0: would bring nothing: name feedback in reviews, or datasets in evals.",
                "5: langsmith.1.reviews.0.sources.0: 'model' is not known here: use one of: app, api.",
                "7: langsmith.2.evals.0: must say when a case passes: by at_least or at_most, or else by the values in "
                "passes.",
                "8: langsmith.2.since: must be a date such as 2026-09-01.",
                "9: langsmith.3: names 'q of p' twice: keep a queue with one key of feedback.",
            ],
        ),
        ("a: &x 1\n", ["1: a: has the anchor '&x': anchors are not taken here."]),
        ("github: [\n", ["2: is not valid YAML here: did not find expected node content."]),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(tmp_path: Path, text: str, said: list[str]) -> None:
    assert problems(tmp_path, text) == said


def test_a_file_that_is_not_there_is_said_with_its_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^ROLLOUT_SOURCES names nowhere\.yaml, which cannot be read"):
        connected(Settings.read({"ROLLOUT_SOURCES": "nowhere.yaml"}), World().surroundings())


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("GITHUB_API_URL", "http://github.example", "GITHUB_API_URL is no https address"),
        ("GITHUB_API_URL", "github.example", "GITHUB_API_URL is no https address"),
        ("JIRA_API_URL", "http://acme.example", "JIRA_API_URL is no https address (http is for this machine only"),
        ("ROLLOUT_PRIVATE_HOSTS", "https://git.example", "ROLLOUT_PRIVATE_HOSTS takes host names without https://"),
    ],
)
def test_settings_of_sources_are_checked_like_all_others(name: str, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.read({name: text})
    assert str(raised.value).startswith(said)
