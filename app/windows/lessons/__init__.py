"""Lessons: the list that one chooses from, and the editor in which they are written."""
