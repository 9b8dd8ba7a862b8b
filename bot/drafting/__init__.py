"""What a language model writes: the digest's paragraph, drafts of documents and memos; each answer is checked."""

from bot.drafting.endpoint import Endpoint, model_at
from bot.drafting.model import Model, NoAnswer
from bot.drafting.papers import DRAFT_TIMEOUT_S, MemoSketch, Sketch, drafted, drafted_memo, parts_for_models
from bot.drafting.summary import Summary, summarise

__all__ = [
    "DRAFT_TIMEOUT_S",
    "Endpoint",
    "MemoSketch",
    "Model",
    "NoAnswer",
    "Sketch",
    "Summary",
    "drafted",
    "drafted_memo",
    "model_at",
    "parts_for_models",
    "summarise",
]
