"""What people see in Slack: each module turns values into blocks, and takes its words from a template."""
