"""What a file says: one folder per file format, for `fairhold read`, intake, returns and the made-up borough alike."""
