"""The page of exchanges: files for and from the committee, disagreements, lists."""
