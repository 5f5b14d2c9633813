"""Training of the models that the engine runs: the only place that imports torch."""
