"""The browser for the tests: an installed one, else Playwright's own, else Debian's.

`python sitecheck/browser.py` makes sure that there is one and prints where it is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

INSTALLED = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
]

# What Playwright turns off in a browser: it heeds the last such list alone.
OFF_FOR_TESTS = [
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
]
# The two lists below the address bar are pages, loaded anew for each context. Nobody sees them, and
# they take the processor for half a second, longer than most tests do.
OF_THE_ADDRESS_BAR = ["WebUIOmniboxAimPopup", "WebUIOmniboxPopup"]


def installed() -> str | None:
    """Path of a Chromium or Chrome on this machine, Playwright's own included."""
    for name in INSTALLED:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install() -> None:
    """Try Playwright's download, then Debian's package."""
    print("== No Chromium or Chrome found: installing one for the tests", flush=True)
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(download, check=False).returncode == 0:
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update"], check=True)
        packages = ["chromium", "fonts-liberation"]
        apt = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
        subprocess.run(apt, check=True)


def find() -> str:
    """Path of the browser; exits with what to do if there is none."""
    path = installed()
    if path is None:
        install()
        path = installed()
    if path is None:
        raise SystemExit(
            "The browser tests need Chromium or Chrome, and none could be installed.\n"
            "Install one (on Debian as root: apt-get install chromium) and run again."
        )
    return path


def launched(playwright: Playwright) -> Browser:
    """Start the browser for tests and measurements."""
    off = ",".join(OFF_FOR_TESTS + OF_THE_ADDRESS_BAR)
    args = ["--no-sandbox", "--disable-gpu", f"--disable-features={off}"]
    return playwright.chromium.launch(executable_path=find(), args=args)


if __name__ == "__main__":
    print(f"Browser for the tests: {find()}")
