"""The Monday digest: noted when due, its words drafted, frozen, delivered once, or held for a person; and replayed."""
