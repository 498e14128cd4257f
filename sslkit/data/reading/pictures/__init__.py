"""Pictures of a user's: what a file says of itself, its pixels, and what their values mean over a whole set."""
