"""What may leave, for whom, and why not. `gate` decides; nothing here decides alone."""
