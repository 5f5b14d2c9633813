"""What teachers do with readings: classes, hand-ins, reviews, and what these add up to."""
