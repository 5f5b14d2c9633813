"""The page on which a teacher goes through recordings, marks and comments."""
