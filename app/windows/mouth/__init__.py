"""Draws a mouth that says a phone, and another that says what was heard instead."""
