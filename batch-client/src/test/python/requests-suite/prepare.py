"""Fetches requests' own tests and what they need, into a folder that can be thrown away.

Run by RequestsSuiteIT with any CPython 3 that has venv: prepare.py FOLDER LOCK. The version of requests, and the
hashes of its wheel and its source distribution, are those of LOCK. In FOLDER are afterwards: venv, a CPython with
stock requests, pytest and httpbin; site, pytest for GraalPy; source, the source distribution. Does nothing where they
were made of the same files already.
"""

import pathlib
import shutil
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).parent
folder, lock = map(pathlib.Path, sys.argv[1:])
stamp = folder / "stamp"
tools, httpbin = HERE / "pytest.txt", HERE / "httpbin.txt"
wanted = "\n".join(f.read_text() for f in (pathlib.Path(__file__), lock, tools, httpbin)) + sys.version
if stamp.exists() and stamp.read_text() == wanted:
    sys.exit()

shutil.rmtree(folder, ignore_errors=True)
venv.create(folder / "venv", with_pip=True)


def pip(*arguments):
    program = folder / "venv" / "bin" / "python"
    quietly = ["--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run([program, "-m", "pip", *quietly, *map(str, arguments)], check=True)


pip("install", "--no-deps", "--require-hashes", "--only-binary=:all:", "-r", lock)
pip("install", "--only-binary=:all:", "-r", tools, "-r", httpbin)
pure = ["--python-version=3.12", "--implementation=py", "--abi=none", "--platform=any"]
pip("install", "--no-compile", "--only-binary=:all:", *pure, "--target", folder / "site", "-r", tools)

alone = folder / "requests.txt"
alone.write_text(next(line for line in lock.read_text().splitlines() if line.startswith("requests==")))
pip("download", "--no-deps", "--require-hashes", "--no-binary=requests", "-d", folder, "-r", alone)
(archive,) = folder.glob("requests-*.tar.gz")
shutil.unpack_archive(archive, folder)
(folder / archive.name.removesuffix(".tar.gz")).rename(folder / "source")
stamp.write_text(wanted)
