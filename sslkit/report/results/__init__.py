"""One data set's results: figures, differences, cost, training, the samples shown, maps."""
