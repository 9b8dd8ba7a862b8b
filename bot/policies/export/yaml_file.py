"""Grants as a policy file that, requested again, asks for the same terms.

A file has one mode, one list of members and one `logging` for all of its actions, and at most so many of these;
grants that need more than one file come out as several documents, each of which is a file of its own.
"""

import json
import re
from collections.abc import Iterator

from bot.domain.grants.life import Grant
from bot.domain.grants.terms import GrantTerms, Logging, Mode, PerDay, digits
from bot.playbooks.tree import scalar
from bot.policies.export.scope import Exported, Scope, commented
from bot.policies.reading import MAX_BYTES
from bot.policies.schema import MAX_ACTIONS

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
_ROOM = MAX_BYTES - 4_000
"""Characters of actions in one file, with some to spare for its head and its comments."""

Shared = tuple[Mode, tuple[str, ...], Logging | None]
"""What the actions of one file have in common."""


def written(scope: Scope) -> Exported:
    """One document per file that is needed; `unsaid` is what asking again changes."""
    files = _files(scope)
    unsaid = tuple(_unsaid(scope, len(files)))
    title = f"The active grants of {scope.workflow}, as `rollout grant request` takes them."
    head = commented((title, *unsaid), "#")
    return Exported(head + "---\n".join(_file(scope.workflow, grants) for grants in files), unsaid)


def _unsaid(scope: Scope, files: int) -> Iterator[str]:
    if files > 1:
        yield (
            f"These grants need {files} files, as one has room for {MAX_ACTIONS} actions with one mode and one "
            "logging: save each part between the lines --- as a file of its own."
        )
    if not files:
        yield f"{scope.workflow} has no active grant, so there is no action to write down."
    else:
        yield "A grant that is asked for again lasts its expires_in_days from its own approval on."


def _files(scope: Scope) -> list[list[Grant]]:
    """The grants of each file, in the order in which they stand."""
    files: list[tuple[Shared, list[Grant], int]] = []
    for grant in scope.grants:
        shared = _shared(grant.terms)
        length = len(_action(grant))
        for number, (of, grants, size) in enumerate(files):
            if of == shared and len(grants) < MAX_ACTIONS and size + length <= _ROOM:
                files[number] = (of, [*grants, grant], size + length)
                break
        else:
            files.append((shared, [grant], length))
    return [grants for _, grants, _ in files]


def _shared(terms: GrantTerms) -> Shared:
    return terms.mode, tuple(sorted(terms.members)), terms.logging


def _file(workflow: str, grants: list[Grant]) -> str:
    mode, members, logging = _shared(grants[0].terms)
    lines = [f"workflow: {word(workflow)}", f"mode: {mode}"]
    lines += [f"members: [{', '.join(map(word, members))}]"] if members else []
    text = "\n".join([*lines, "actions:"]) + "\n" + "".join(map(_action, grants))
    return text + (_logging(logging) if logging else "")


def _action(grant: Grant) -> str:
    terms = grant.terms
    lines = [f"  - name: {word(terms.action)}"]
    lines += [f"    {limit.name}: {digits(limit.value)}" for limit in terms.limits]
    lines += ["    allowed_when:"] if terms.conditions else []
    lines += [f"      - {_quoted(condition.source.strip())}" for condition in terms.conditions]
    lines += [f"    requires_human_approval: {_truth(is_true=terms.requires_human_approval)}"]
    lines += [f"    per_day: {_per_day(terms.per_day)}"] if terms.per_day else []
    lines += [f"    effect: {terms.effect}"]
    lines += [f"    area: {terms.area}"] if terms.area else []
    lines += [f"    risk: {terms.tier}", f"    expires_in_days: {terms.expires_in_days}"]
    return "\n".join(lines) + "\n"


def _per_day(per_day: PerDay) -> str:
    sums = ", ".join(f"{capped.fact}: {digits(capped.amount)}" for capped in per_day.sums)
    parts = [f"uses: {per_day.uses}"] if per_day.uses is not None else []
    parts += [f"sum: {{{sums}}}"] if sums or not parts else []
    return f"{{{', '.join(parts)}}}"


def _logging(logging: Logging) -> str:
    return (
        "logging:\n"
        f"  store_prompts: {_truth(is_true=logging.store_prompts)}\n"
        f"  store_tool_calls: {_truth(is_true=logging.store_tool_calls)}\n"
        f"  retention_days: {logging.retention_days}\n"
    )


def _truth(*, is_true: bool) -> str:
    return "true" if is_true else "false"


def word(name: str) -> str:
    """A name, in quotes where a reader would take it for a number or a truth."""
    return name if _PLAIN.fullmatch(name) and isinstance(scalar(name), str) else _quoted(name)


def _quoted(text: str) -> str:
    """What JSON quotes, YAML reads."""
    return json.dumps(text, ensure_ascii=False)
