"""A language model's paragraph for the digest: asked for once, checked against the facts, left out when in doubt."""

from bot.summaries.asking import Model, NoAnswer, Summary, summarise
from bot.summaries.endpoint import Endpoint, model_at

__all__ = ["Endpoint", "Model", "NoAnswer", "Summary", "model_at", "summarise"]
