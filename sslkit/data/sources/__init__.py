"""Sources of the user's own data: arrays, folders of pictures and of sounds, tables of sensor recordings."""
