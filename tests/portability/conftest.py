"""Nothing here is for every system but the tests themselves."""

collect_ignore = ["windows_like"]  # --doctest-modules would import it
