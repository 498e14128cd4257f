"""Files of one kind → arrays, and which files belong to a data set; sources and labels are not known here."""
