"""The command line: every verb that changes something in Slack can be said here too, by people and scripts."""
