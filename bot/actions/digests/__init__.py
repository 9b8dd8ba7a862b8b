"""The Monday digest: noted when due, frozen, delivered once, or held for a person."""
