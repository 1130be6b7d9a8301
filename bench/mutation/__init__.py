"""Mutation testing of the sharing gate: each small wrong change must be missed by no table of the tests."""
