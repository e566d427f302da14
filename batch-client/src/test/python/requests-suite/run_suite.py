"""Runs requests' own tests with pytest: a download script for GraalPy, a program for CPython.

The folder holds the tests and, for GraalPy, pytest in `site`. httpbin runs elsewhere. What became of each test goes to
results.txt: its name, passed, failed or skipped, and why.
"""

import os
import re
import sys


def download(line, output_local_dir):
    sys.path[:0] = [os.path.join(output_local_dir, "site"), output_local_dir]
    run(output_local_dir, *line.split("\t"))
    return "results.txt"


def run(folder, plain, secure, *tests):
    os.chdir(folder)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    import pytest

    class Address:
        def __init__(self, url):
            self.url = url

    class Httpbin:
        """In place of the plugin of pytest-httpbin, which would serve from this very process."""

        @pytest.fixture
        def httpbin(self):
            return Address(plain)

        @pytest.fixture
        def httpbin_secure(self):
            return Address(secure)

        @pytest.fixture
        def httpbin_ca_bundle(self, monkeypatch):
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", os.path.join(folder, "httpbin.pem"))

    class Results:
        def __init__(self, file):
            self.file = file

        def pytest_runtest_logreport(self, report):
            if report.when == "call" or not report.passed:
                crash = getattr(report.longrepr, "reprcrash", None)
                why = crash.message if crash else str(report.longrepr or "")
                first = why.replace("\t", " ").partition("\n")[0]
                # called by where a file lies, or by a number where that is long
                name = re.sub(r"\[(/.*\.py|path\d+)]", "[file]", report.nodeid)
                print(name, report.outcome, first, sep="\t", file=self.file, flush=True)

    options = [
        "--rootdir=" + folder,
        "--log-file=" + os.path.join(folder, "log.txt"),  # or pytest opens /dev/null, which scripts can't
        "--capture=sys",
        "--tb=short",
        "-q",
        *("-p", "no:cacheprovider"),
        *("-p", "pytest_mock"),
    ]
    with open("results.txt", "w", encoding="utf-8") as file:
        pytest.main([*options, *(tests or ["tests"])], plugins=[Httpbin(), Results(file)])


if __name__ == "__main__":
    for name in [n for n in os.environ if n.upper().endswith(("_PROXY", "_CA_BUNDLE"))]:
        del os.environ[name]
    run(*sys.argv[1:])
