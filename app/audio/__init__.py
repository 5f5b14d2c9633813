"""Live sound: microphones and what they capture."""
