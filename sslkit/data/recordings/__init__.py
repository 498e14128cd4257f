"""Tables of recordings → windows: who and what was recorded, its clock, events, missing values, parts."""
