"""Everything that was read: a table with search and filters."""
