"""The paragraph that a language model may add above a digest: what the model is told, and what it may say."""
