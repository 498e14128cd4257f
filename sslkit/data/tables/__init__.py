"""Tables of recordings and their stamps: delimited text, Parquet or Excel → the columns that are asked for."""
