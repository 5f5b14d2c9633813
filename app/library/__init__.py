"""What the program keeps for a learner: lessons and recordings; knows no window."""
