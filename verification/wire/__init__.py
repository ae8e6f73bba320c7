"""What the three dialects share: the signed round trip, and the matching of answers to questions. Plain Python."""
