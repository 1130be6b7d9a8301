"""The workspace of a return: the year's collections, runs of the rules, faults and what became of them."""
