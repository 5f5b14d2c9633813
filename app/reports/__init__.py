"""Reports of a learner or a class, in every format that leaves the program."""
