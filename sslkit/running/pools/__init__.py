"""Where the runs of a comparison run: on processes of this machine, or on a Ray cluster."""

from sslkit.running.pools.choice import POOLS, choose_pool
from sslkit.running.pools.tasks import Event, Pool, Stopped, Task

__all__ = ["POOLS", "Event", "Pool", "Stopped", "Task", "choose_pool"]
