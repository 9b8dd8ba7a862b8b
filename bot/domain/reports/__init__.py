"""The ninety-day report: what a workflow was to bring, what it brought, and what that took."""
