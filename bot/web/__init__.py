"""The HTTP side of Rollout."""
