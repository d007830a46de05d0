"""Find a Chromium for the tests, or get one: the machine's own, else Playwright's, else Debian's package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def path() -> str | None:
    """The browser to start: from the machine, or one that Playwright has fetched."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for found in (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
                  Path(os.environ.get("PROGRAMFILES", "C:/Program Files")) / "Google/Chrome/Application/chrome.exe"):
        if found.exists():
            return str(found)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        own = play.chromium.executable_path
    return own if own and Path(own).exists() else None


def get() -> str | None:
    """Fetch a browser where none is found."""
    if found := path():
        return found
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600)
    if found := path():
        return found
    if shutil.which("apt-get") and hasattr(os, "geteuid"):
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        subprocess.run([*root, "apt-get", "update", "-qq"], check=False)
        subprocess.run([*root, "apt-get", "install", "-y", "-qq", "chromium"], check=False)
    return path()


if __name__ == "__main__":
    browser = get()
    print(f"Browser: {browser}" if browser else "No Chromium was found or could be fetched. Install Chrome or Chromium, then run this again.")
    sys.exit(0 if browser else 1)
