"""The check of `rollout doctor` that asks the sources whether they let us in."""

from collections.abc import Iterator

from bot.cli.symptoms import Finding, Patient, ok, problem, warning
from bot.clock import SystemClock
from bot.connections import FILE, connected, tokens_set
from bot.settings import SettingsError
from bot.sources.errors import SourceError
from bot.sources.http import Surroundings


def sources_answer(patient: Patient) -> Iterator[Finding]:
    """Whether the file of sources can be used, and every source in it be read."""
    settings = patient.settings
    if settings.sources is None and not patient.by_hand:
        if names := tokens_set(settings):
            told = f"{' and '.join(names)} set, but {FILE} is not, so nothing is read."
            yield warning(told, "Name the file of sources there, use /rollout connect, or leave both out.")
        else:
            yield ok(f"{FILE} is not set, so no outside system is read.")
        return
    try:
        found = connected(settings, Surroundings(SystemClock().now, lambda _: False), patient.by_hand)
    except SettingsError as error:
        yield from (problem(each) for each in error.problems)
        return
    if settings.github_webhook_secret and "github" not in {source.name for source in found}:
        told = "GITHUB_WEBHOOK_SECRET is set, but no repository is mapped, so no webhook makes anything be read."
        yield warning(told, f"Give github entries in {FILE}, use /rollout connect, or leave the secret out.")
    for source in found:
        if source.problem:
            yield problem(source.problem)
            continue
        try:
            yield ok(f"{source.name} answers for {source.greet()}.")
        except SourceError as error:
            yield problem(str(error))
        finally:
            source.close()
