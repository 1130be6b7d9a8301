"""Fairhold: takes in, checks, shares and disposes of children's data, and proves it."""
