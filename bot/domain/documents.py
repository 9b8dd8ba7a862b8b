"""Documents: specs, postmortems and red-team reviews, written in versions and accepted by someone else."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import NotFound
from bot.domain.people import Person
from bot.domain.playbook import DoneWhen
from bot.domain.sections import Section, key_of, sections
from bot.domain.sheltering import unsheltered
from bot.domain.visibility import Audience, Visibility
from bot.domain.wording import cut
from bot.domain.workflows import Workflow

VERDICT_LIMIT = 300

HANDLE = re.compile(r"\b[UW](?:(?=[A-Z]*\d)[A-Z0-9]+|[A-Z]{3,})\b", re.ASCII)
"""A Slack user id among other words: with a digit, as nearly all have, or too long for UX, US, URL and their like."""


class DocumentKind(StrEnum):
    """What a document is."""

    SPEC = "spec"
    POSTMORTEM = "postmortem"
    RED_TEAM = "redteam"

    @property
    def label(self) -> str:
        """The kind in words."""
        return "red-team review" if self is DocumentKind.RED_TEAM else self.value

    @property
    def proves(self) -> DoneWhen | None:
        """The kind of proof that an accepted document is, None if no item waits for one."""
        return _PROVES.get(self)


class DocumentState(StrEnum):
    """How far a document has come."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """The state in words."""
        return self.replace("_", " ")


_PROVES = {DocumentKind.SPEC: DoneWhen.SPEC, DocumentKind.RED_TEAM: DoneWhen.RED_TEAM}


@dataclass(frozen=True, slots=True)
class Part:
    """A section that a kind of document must have, and what it asks; `also` are other headings that serve."""

    title: str
    asks: str
    also: tuple[str, ...] = ()

    def is_headed(self, section: Section) -> bool:
        """Whether this is the section's heading."""
        return section.key in (key_of(title) for title in (self.title, *self.also))


REVIEWERS = Part(
    "Reviewers", "Who attacked it, by Slack user id, one a line; nobody who holds a role in this workflow."
)

PARTS: Mapping[DocumentKind, tuple[Part, ...]] = {
    DocumentKind.SPEC: (
        Part("Goal", "What gets better for whom, in two or three sentences."),
        Part("Requirements", "What it must do, one a line."),
        Part("Authoritative inputs", "Which sources it may take for true, and where they are."),
        Part("Non-negotiable constraints", "What it must never do, whatever it is asked."),
        Part("Acceptance tests", "An input and the outcome that passes, one a line: input -> outcome."),
        Part("Counterexamples", "An input and the outcome that would be wrong, one a line: input -> outcome."),
        Part("Metric", "How success is measured: name, baseline, target."),
        Part("Owner", "Who answers for it."),
    ),
    DocumentKind.POSTMORTEM: (
        Part("Summary", "What happened, in two or three sentences, without blame."),
        Part("Impact", "Who was affected, how much and for how long."),
        Part("Timeline", "What happened when, one line each, with times."),
        Part("What the agent did and why", "Inputs, prompt and model version, tools, decisions.", ("Provenance",)),
        Part("Contributing factors", "What made it possible: in the system, not in people."),
        Part("Actions with owners and dates", "What changes, who does it, by when.", ("Actions",)),
    ),
    DocumentKind.RED_TEAM: (
        Part("Scope", "What was attacked, with which access, and what was left out."),
        Part("Attacks tried", "One a line."),
        Part("Outcomes", "What each attack led to."),
        Part("Score", "How many of how many attacks were held off."),
        Part("Verdict", "One sentence: may it be let loose, and under which conditions; all can read this."),
        REVIEWERS,
    ),
}
"""The required sections of each kind, in the words of the rules."""


@dataclass(frozen=True, slots=True)
class Text:
    """What one version says: `body` is Markdown; `incident` is the key of a postmortem's incident."""

    title: str
    body: str
    incident: str = ""

    @property
    def hash(self) -> str:
        """The SHA-256 of its body as UTF-8, by which others know which version they hold."""
        return hashlib.sha256(self.body.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Drafter:
    """A language model that wrote a version, and the id and version of its prompt, such as `spec@1`."""

    model: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document; `author` is a person, or the name of an agent or service.

    Where a model wrote it, `author` is whoever asked for that, and `drafter` the model.
    """

    number: int
    text: Text
    author: Person | str
    written_at: datetime
    drafter: Drafter | None = None

    @property
    def author_name(self) -> str:
        """Who wrote it."""
        return self.author.name if isinstance(self.author, Person) else self.author

    @property
    def author_handle(self) -> str | None:
        """Whose handle it was written under."""
        return self.author.handle if isinstance(self.author, Person) else self.author


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it stands; `versions` are all that were written, the first one first."""

    id: str
    kind: DocumentKind
    workflow_id: str
    workflow: str
    team_id: str
    state: DocumentState
    versions: tuple[Version, ...]
    submitted_by: Person | None = None
    decided_by: Person | None = None
    decided_at: datetime | None = None
    because: str | None = None
    answer: str | None = None

    @property
    def latest(self) -> Version:
        """The version that counts."""
        return self.versions[-1]

    def version(self, number: int | None = None) -> Version:
        """The version with that number, the latest one without."""
        if number is None:
            return self.latest
        if not 1 <= number <= self.latest.number:
            raise NotFound(f"“{self.title}” has no version {number}: its versions are 1 to {self.latest.number}.")
        return self.versions[number - 1]

    @property
    def title(self) -> str:
        """Its title, or what stands for one while it has none."""
        return self.latest.text.title or f"Untitled {self.kind.label}"

    @property
    def verdict(self) -> str | None:
        """A red-team review's verdict in one line, None elsewhere or while there is none."""
        if self.kind is not DocumentKind.RED_TEAM:
            return None
        return cut(words_under(self.latest.text, "Verdict"), VERDICT_LIMIT) or None

    @property
    def authors(self) -> frozenset[str]:
        """The handles of all who wrote a version; if that was no person, of whoever submitted it."""
        people = {version.author.handle for version in self.versions if isinstance(version.author, Person)}
        if not people and self.submitted_by:
            people = {self.submitted_by.handle}
        return frozenset(handle for handle in people if handle)

    @property
    def audience(self) -> Audience:
        """For whom it is: a red-team review is for the workflow's own, those who decide, and its reviewers."""
        named = reviewers(self.latest.text) if self.kind is DocumentKind.RED_TEAM else ()
        return Audience(
            visibility=Visibility.EVERYONE,
            team_id=self.team_id,
            workflow_id=self.workflow_id,
            is_restricted=self.kind is DocumentKind.RED_TEAM,
            insiders=(*(version.author_handle for version in self.versions), *named),
        )


def reviewers(text: Text) -> tuple[str, ...]:
    """The Slack user ids that a red-team review names as its reviewers."""
    return tuple(dict.fromkeys(HANDLE.findall(words_under(text, REVIEWERS.title))))


def own_people(workflow: Workflow) -> frozenset[str]:
    """The handles of those who hold a role in `workflow`: they neither attack it nor accept the attack's review."""
    return frozenset(holder.person.handle for holder in workflow.holders if holder.person.handle)


def words_under(text: Text, title: str) -> str:
    """What stands under the headings of that title, comments aside."""
    wanted = key_of(title)
    return "\n".join(unsheltered(section.words) for section in sections(text.body) if section.key == wanted)
