"""What is off plan now: looks gathered from the store, and judged by the catalogue."""
