"""What an entry for GitHub in the file of sources says: which repository, what of it counts, and how."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.sources.github_pulls import PullRequest
from bot.sources.stanzas import Dated, Different, Money, Name, Strict, matching

Repository = Annotated[
    str, matching(r"(?!\.)[\w-][\w.-]*/(?!\.)[\w.-]+", "must be an owner and a name, as acme/macros.")
]
Branch = Annotated[str, matching(r"(?!/)[\w./-]{1,200}", "must be the name of a branch, as main.")]


class Agents(Strict):
    """Whose pull requests are an agent's outputs: these accounts', or those with one of these labels."""

    authors: Different[Name] = Field(default_factory=list)
    labels: Different[Name] = Field(default_factory=list)


class Evals(Strict):
    """Which checks run evals: the suite by the check's name, on commits of one branch."""

    branch: Branch = "main"
    checks: Annotated[dict[Name, Name], Field(min_length=1)]


class Production(Strict):
    """What brings changes to production: deployments to an environment, or releases."""

    environment: Name | None = None
    releases: bool = False

    @model_validator(mode="after")
    def _demand_one(self) -> Self:
        if bool(self.environment) is self.releases:
            raise ValueError("must name an environment, or say releases: true, and not both.")
        return self


class Entries(Dated):
    """What of one repository belongs to one workflow."""

    repository: Repository
    workflow: Name
    labels: Different[Name] = Field(default_factory=list)
    authors: Different[Name] = Field(default_factory=list)
    agents: Agents = Agents()
    irreversible: Different[Name] = Field(default_factory=list)
    rework_cost_usd: Money | None = None
    evals: Evals | None = None
    production: Production | None = None

    def is_about(self, pull: PullRequest) -> bool:
        """Whether a pull request belongs to the workflow: one of the labels and one of the authors, where any are."""
        by_label = not self.labels or bool(pull.labels & set(self.labels))
        return by_label and (not self.authors or pull.author in self.authors)

    def is_agents(self, pull: PullRequest) -> bool:
        """Whether an agent made it."""
        return pull.author in self.agents.authors or bool(pull.labels & set(self.agents.labels))
