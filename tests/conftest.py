"""Fixtures that every test may ask for by name."""

pytest_plugins = [
    "tests.memory",
    "tests.postgres",
    "tests.compiled",
    "tests.databases",
    "tests.browser",
    "tests.pages",
    "tests.sandbox.pages",
    "tests.blockkit.observer",
    "tests.findings.troubles",
    "tests.drafting.peer",
]
