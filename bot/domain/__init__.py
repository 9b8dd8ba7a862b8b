"""Frozen values and pure rules: what Rollout decides, without clocks, databases or networks."""
