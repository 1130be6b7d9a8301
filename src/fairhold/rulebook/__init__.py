"""Rules are documents that run. Importing this room loads no rule and no compiler."""
