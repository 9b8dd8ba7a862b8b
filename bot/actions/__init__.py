"""Use cases, one module per noun: who may, what the rules say, what is recorded."""
