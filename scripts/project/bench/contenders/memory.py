"""Peak memory of this process above what it used when the watch began."""

import gc
import resource
import sys


def _status(field):
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field + ":"))


def watch_memory():
    """Returns a function that gives the peak since now, in KiB."""
    gc.collect()
    if sys.platform != "linux":
        idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return lambda: (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle) // 1024
    with open("/proc/self/clear_refs", "w", encoding="ascii") as refs:
        refs.write("5")  # sets the high-water mark back: proc(5)
    idle = _status("VmRSS")
    return lambda: _status("VmHWM") - idle
