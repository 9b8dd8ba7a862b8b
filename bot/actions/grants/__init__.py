"""Grants: asked for, approved, narrowed, stopped, resumed, attested."""
