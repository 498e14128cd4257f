"""Sound files: headers, samples, and the clips that are cut from them."""
