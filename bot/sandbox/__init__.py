"""The local Slack workspace: Slack's Web API, Socket Mode and signed HTTP on loopback, without Slack."""
