"""The check of `rollout doctor` that asks the language model's endpoint."""

from collections.abc import Iterator

from bot.cli.symptoms import TIMEOUT_S, Finding, Patient, ok, problem, warning
from bot.drafting import Endpoint, NoAnswer

_MENDS = {
    "status 401": "Copy the key again, or take OPENAI_API_KEY out to do without a model.",
    "status 403": "Give the key the right to list models and to ask for completions, or use another key.",
    "status 404": "Write OPENAI_BASE_URL up to /v1, as in https://api.openai.com/v1.",
    "status 429": "The account is out of quota, or asks too often: see to its limits.",
}
_UNREACHED = (
    "Check the network, a proxy, and OPENAI_BASE_URL, then try again; until then digests have no summary, "
    "and drafts are written by hand."
)


def model_answers(patient: Patient) -> Iterator[Finding]:
    """Whether the model's endpoint is reached and takes the key, if there is one."""
    settings = patient.settings
    if settings.openai_api_key is None:
        yield ok(
            "OPENAI_API_KEY is not set, so digests go out without a model's summary, and drafts are written by hand."
        )
        return
    name, where = settings.openai_model, settings.openai_base_url
    try:
        listed = Endpoint(settings.openai_api_key.get_secret_value(), where, name, TIMEOUT_S).is_listed()
    except NoAnswer as error:
        yield problem(f"The language model gave no answer at {where} ({error.why}).", _MENDS.get(error.why, _UNREACHED))
        return
    if listed:
        yield ok(f"The key is accepted at {where}, and {name} is there.")
    else:
        yield warning(f"The key is accepted at {where}, but {name} is not listed there.", "Look at OPENAI_MODEL.")
