"""The bench: `make bench`, or `make bench ARGS="status start"` for some of its parts. Nothing here is a test."""
