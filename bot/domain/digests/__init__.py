"""The Monday digest: for whom, when, and what it says, decided from frozen inputs so that it can be said again."""
