"""The page of a class: who handed in, how it went, what is hard."""
