"""Two readings beside each other, and what changed."""
