"""Sources: outside systems, read over HTTP, that yield signals."""
