"""Fairhold: takes in, checks, shares and disposes of children's data, and proves it."""

import gc

# The whole borough in one list is half a million small objects, and hardly one of them in a circle: looking for circles
# after every 700 of them, as Python does by itself, takes a fifth of the time of such a list.
gc.set_threshold(20_000, 20, 10)
