"""Which tests stay together on one worker; all others are spread one by one.

xdist's own marks for groups come too late for the node ids of pytest 9.
"""

from xdist.scheduler import LoadScopeScheduling

# What these files start, a server or a build, is started once.
TOGETHER = {
    "tests/lab/test_lab.py",
    "tests/library/test_dask.py",
    "tests/project/test_benchmark.py",
    "tests/project/test_packaging.py",
    "tests/site/test_build.py",
    "tests/site/test_serve.py",
    "tests/widgets/test_ninth_figure.py",
}
ENGINES = ("Firefox", "WebKit")


class Spread(LoadScopeScheduling):
    """Sends a test to whichever worker is free, and files and engines that start much to one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file in TOGETHER:
            return file
        if file.startswith("tests/engines/"):
            return next((engine for engine in ENGINES if f"[{engine}" in nodeid), nodeid)
        return nodeid
