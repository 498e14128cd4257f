"""What stands behind one figure: by class, by group, how well calibrated. Arrays in, numbers out."""
