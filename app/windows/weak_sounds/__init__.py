"""Practice of one's weak sounds: which are due, and what will be read."""
