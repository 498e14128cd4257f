"""What the numbers say, bad news first: collapse, gains and losses, ranks over data sets."""
