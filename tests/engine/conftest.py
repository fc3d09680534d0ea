"""Ray is an extra, and takes a minute to start: what needs it is collected where it is installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("ray") else ["test_cluster.py", "test_replica.py", "test_sweep.py"]
