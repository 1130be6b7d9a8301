"""A whole made-up borough written as real files, with an answer key kept apart. Nobody in it exists."""
