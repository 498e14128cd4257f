"""Random damage to every kind of file that is read: exit status 0 or 2, one message, bounded time and memory."""
