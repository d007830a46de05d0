"""`make serve` shows what is saved."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

from conftest import CLINICS


def test_what_is_saved_is_shown(project):
    """A change of clinic.yml, of a page, of a label and of a template is shown without a new start."""
    shutil.copy(CLINICS / "minimal.yml", project / "clinic.yml")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "NO_SHEETS": "1", "NO_MKDOCS_2_WARNING": "1", "SITE_URL": ""}
    served = subprocess.Popen([sys.executable, "-m", "mkdocs", "serve", "--livereload", "--dev-addr", f"127.0.0.1:{port}"],
                              cwd=project, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def shown(text):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if text in urllib.request.urlopen(f"http://127.0.0.1:{port}/going-home/", timeout=20).read().decode():
                    return True
            except OSError:
                pass
            time.sleep(0.3)
        return False

    def change(name, old, new):
        path = project / name
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")

    try:
        assert shown("Going home")
        change("clinic.yml", "name: ", "name: Changed ")
        assert shown("Changed ")
        change("docs/en/going-home.md", "# Going home", "# Going home soon")
        assert shown("Going home soon")
        change("docs/en/phrases.yml", "Your guide to ketamine therapy: ", "Another title: ")
        assert shown("Another title")
        change("overrides/partials/copyright.html", "<", "<i>Print it all</i><")
        assert shown("Print it all")
    finally:
        served.terminate()
        served.wait(20)
