"""Both social care returns: Fairhold beside the published checkers, on the same files (`python -m bench.returns`)."""
