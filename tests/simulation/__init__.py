"""Programs that are played whole, and what their digests tell of the troubles that were planted."""
