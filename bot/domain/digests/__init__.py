"""The Monday digest: what it says, decided from frozen inputs alone, so that it can be said again byte for byte."""
