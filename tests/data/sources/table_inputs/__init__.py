"""What machines and people write: each row of the list of inputs, with the right value."""
