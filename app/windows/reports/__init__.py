"""The dialog that writes reports."""
