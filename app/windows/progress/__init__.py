"""How a learner gets on: scores over days, a chart of the sounds, goals."""
