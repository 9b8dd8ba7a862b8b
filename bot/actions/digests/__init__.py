"""The Monday digest: its inputs gathered from the program as it stands, or from what was posted."""
