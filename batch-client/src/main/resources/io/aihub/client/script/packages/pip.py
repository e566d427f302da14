"""Finds out what a script's requirements come to, and installs that, with the pip that GraalPy brings.

Evaluated in a process of its own. Java calls run() only, with a folder that has request.json in it; the answer is
left there as answer.json. What a package is called here is its canonical name (PEP 503).
"""

import compileall
import errno
import glob
import hashlib
import importlib.metadata
import json
import logging
import os
import shutil
import sys

import ensurepip

# a wheel is installed as it is hashed; what GraalPy would patch in it comes from a repository of its own
os.environ["PIP_GRAALPY_DISABLE_PATCHING"] = "1"
os.environ["PIP_GRAALPY_DISABLE_VERSION_SELECTION"] = "1"
os.environ["PIP_GRAALPY_PATCHES_URL"] = "disabled"

_wheel = glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl"))[0]
sys.path.insert(0, _wheel)
import pip  # noqa: E402

sys.path.remove(_wheel)  # or pip would take itself for something that clients have
from pip._internal.cli import cmdoptions  # noqa: E402
from pip._internal.commands import create_command  # noqa: E402
from pip._internal.exceptions import HashError, HashErrors, NetworkConnectionError, UnsupportedPythonVersion  # noqa: E402
from pip._internal.index import collector  # noqa: E402
from pip._internal.index.package_finder import LinkType, PackageFinder  # noqa: E402
from pip._internal.resolution.resolvelib.factory import Factory  # noqa: E402
from pip._vendor.packaging.requirements import InvalidRequirement, Requirement  # noqa: E402
from pip._vendor.packaging.utils import (  # noqa: E402
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from pip._vendor.packaging.version import InvalidVersion  # noqa: E402
from pip._vendor.requests.exceptions import RequestException  # noqa: E402
from pip._vendor.urllib3.exceptions import HTTPError  # noqa: E402

NATIVE = (".so", ".pyd", ".dll", ".dylib")


class Refusal(Exception):
    """Why there is no way, in the terms of ResolutionProblem."""

    def __init__(self, kind, subject=None, detail=None, line=None):
        super().__init__(kind, subject, detail)
        self.problem = {"kind": kind, "line": line, "subject": _cut(subject, 500), "detail": _cut(detail, 1500)}


def _cut(value, room):
    """As one printable line that is no longer than the server takes."""
    if value is None:
        return None
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return text if len(text) <= room else text[: room - 1] + "…"


class _Witness:
    """Notes what pip saw, for it says little of that in its errors."""

    def __init__(self):
        self.begin()
        self.install()

    def begin(self):
        self.pages = {}  # project: why its page could not be read
        self.skipped = {}  # file name: kind of reason
        self.causes = None  # of a resolution that is impossible: [(requirement, who wants it)]
        self.error = None
        self.said = []

    def install(self):
        log_skipped = PackageFinder._log_skipped_link
        explain = Factory.get_installation_error
        witness = self

        def page_failed(link, reason, meth=None):
            witness.pages.setdefault(_project_of(link), []).append(reason)

        def skipped(finder, link, result, detail):
            witness.skipped[link.filename] = result
            log_skipped(finder, link, result, detail)

        def impossible(factory, error, constraints):
            witness.causes = list(error.causes)
            return explain(factory, error, constraints)

        collector._handle_get_simple_fail = page_failed
        PackageFinder._log_skipped_link = skipped
        Factory.get_installation_error = impossible

    def handler(self):
        handler = logging.Handler(logging.ERROR)
        handler.emit = lambda record: self.said.append(record.getMessage())
        return handler


def _project_of(page):
    return canonicalize_name(page.url.rstrip("/").rpartition("/")[2])


_witness = _Witness()

_extra_index = cmdoptions.extra_index_url


def _no_extra_index():
    option = _extra_index()
    option.default = []  # GraalPy's own index has compiled packages only
    return option


_options = cmdoptions.index_group["options"]
_options[_options.index(_extra_index)] = _no_extra_index


def _pip_install(arguments, settings):
    """pip install; returns when it went well."""
    command = create_command("install")
    run = command.run

    def observed(options, args):
        logging.getLogger("pip").addHandler(_witness.handler())
        try:
            return run(options, args)
        except Exception as error:
            _witness.error = error
            raise

    command.run = observed
    status = command.main(
        [
            "--quiet",
            "--root-user-action=ignore",
            "--use-deprecated=legacy-certs",  # the other way needs ctypes
            "--no-input",
            "--no-color",
            "--progress-bar=off",
            "--only-binary=:all:",
            "--python-version=3.12",
            "--implementation=py",
            "--abi=none",
            "--platform=any",
            "--cache-dir=" + os.path.join(settings["work"], "cache"),
            *(["--index-url=" + settings["index"]] if settings.get("index") else []),
            *(["--proxy=" + settings["proxy"]] if settings.get("proxy") else []),
            *arguments,
        ]
    )
    if status != 0:
        raise _explain()


def _explain():
    """The most telling of what was seen."""
    unread = [(name, r) for name, rs in _witness.pages.items() for r in rs if not _is_missing(r)]
    error = _witness.error
    if unread:
        return Refusal("UNREACHABLE", unread[0][0], unread[0][1])
    if isinstance(error, (NetworkConnectionError, RequestException, HTTPError, TimeoutError)):
        return Refusal("UNREACHABLE", None, error)
    if isinstance(error, (HashError, HashErrors)):
        return Refusal("HASH", None, error)
    if getattr(error, "errno", None) == errno.ENOSPC or any("No space left" in text for text in _witness.said):
        return Refusal("NO_ROOM", None, "No space left on device")
    if _witness.causes:
        return _of_causes(_witness.causes, error)
    return Refusal("FAILED", None, "; ".join(_witness.said) or repr(error))


def _is_missing(reason):
    response = getattr(reason, "response", None)
    return response is not None and response.status_code in (404, 410)


def _of_causes(causes, error):
    built_in = _built_in()
    names = {canonicalize_name(requirement.project_name) for requirement, _ in causes}
    wanted = "; ".join(_cause(requirement, parent) for requirement, parent in causes)
    if isinstance(error, UnsupportedPythonVersion):
        return Refusal("PYTHON", sorted(names)[0], error)
    for name in sorted(names):
        if name in built_in:
            return Refusal("BUILT_IN", f"{name} {built_in[name]}", wanted)
    if len(causes) > 1:
        return Refusal("CONFLICT", ", ".join(sorted(names)), wanted)
    name = names.pop()
    if name in _witness.pages:
        return Refusal("UNKNOWN", name, wanted)
    return _of_files(name, causes[0].requirement, wanted)


def _cause(requirement, parent):
    return f"{requirement} ({parent.name} {parent.version})" if parent else str(requirement)


def _of_files(name, requirement, wanted):
    """Why none of the files of a project will do that have a version as wanted."""
    specifier = requirement.get_candidate_lookup()[1].specifier
    kinds = set()
    for file, kind in _witness.skipped.items():
        project, version = _project_and_version(file)
        if project == name and specifier.contains(version, prereleases=True):
            kinds.add(kind)
    if LinkType.platform_mismatch in kinds:
        return Refusal("COMPILED", name, wanted)
    if LinkType.requires_python_mismatch in kinds:
        return Refusal("PYTHON", name, wanted)
    return Refusal("SOURCE_ONLY" if LinkType.format_unsupported in kinds else "VERSION", name, wanted)


def _project_and_version(file):
    try:
        return (parse_wheel_filename if file.endswith(".whl") else parse_sdist_filename)(file)[:2]
    except (InvalidSdistFilename, InvalidVersion, InvalidWheelFilename):
        return None, None


def _built_in():
    """What clients have of their own: {name: version}."""
    return {canonicalize_name(d.name): d.version for d in importlib.metadata.distributions(path=[_library])}


_library = None


def _use_library(settings):
    """To pip, what clients have is installed; the constraints say that it can't be replaced."""
    if _library not in sys.path:
        sys.path.append(_library)
    constraints = os.path.join(settings["work"], "constraints.txt")
    with open(constraints, "w", encoding="utf-8") as file:
        file.writelines(f"{name}=={version}\n" for name, version in _built_in().items())
    return constraints


def _requirements(settings):
    """The lines as pip's own parser understands them; no option and no address gets through."""
    kept = os.path.join(settings["work"], "requirements.txt")
    with open(kept, "w", encoding="utf-8") as file:
        for number, line in enumerate(settings["requirements"].splitlines(), 1):
            text = line.partition("#")[0].strip()
            if not text:
                continue
            try:
                requirement = Requirement(text)
            except InvalidRequirement as error:
                raise Refusal("LINE", text, str(error).splitlines()[0], number) from None
            if requirement.url:
                raise Refusal("LINE", text, "an address", number)
            file.write(f"{requirement}\n")
    return kept


def _pins(report):
    pins = []
    for item in report["install"]:
        name = canonicalize_name(item["metadata"]["name"])
        if item["is_direct"]:
            raise Refusal("FAILED", name, item["download_info"]["url"])
        sha256 = item["download_info"]["archive_info"]["hashes"]["sha256"]
        pins.append({"name": name, "version": item["metadata"]["version"], "sha256": sha256})
    return sorted(pins, key=lambda pin: pin["name"])


def _install(pins, settings):
    """Puts wheels into a folder that is named by them, and their byte code where scripts look for it."""
    text = "".join(f"{p['name']}=={p['version']} --hash=sha256:{p['sha256']}\n" for p in pins)
    folder = os.path.join(settings["packages"], hashlib.sha256(text.encode()).hexdigest())
    if os.path.exists(folder + ".ready"):
        return folder
    lock = os.path.join(settings["work"], "lock.txt")
    with open(lock, "w", encoding="utf-8") as file:
        file.write(text)
    target = os.path.join(settings["work"], "target")
    _pip_install(
        ["--no-deps", "--no-compile", "--require-hashes", "--target=" + target, "--requirement=" + lock], settings
    )
    shutil.rmtree(os.path.join(target, "bin"), ignore_errors=True)
    for pin, distribution in _installed(pins, target):
        for file in distribution.files or ():
            if file.name.lower().endswith(NATIVE) or ".so." in file.name:
                raise Refusal("NATIVE", pin["name"], file)
    shutil.rmtree(folder, ignore_errors=True)
    os.rename(target, folder)
    compileall.compile_dir(folder, quiet=2)
    return folder


def _installed(pins, folder):
    found = {canonicalize_name(d.name): d for d in importlib.metadata.distributions(path=[folder])}
    return [(pin, found[pin["name"]]) for pin in pins]


def _modules(distribution):
    """What can be imported of it, by the name up to the first dot."""
    tops = set()
    for file in distribution.files or ():
        top = file.parts[0]
        if file.suffix == ".py" and len(file.parts) == 1:
            top = file.stem
        if file.suffix == ".py" and top.isidentifier():
            tops.add(top)
    return sorted(tops)


def _resolve(settings):
    """Pins what the requirements come to beside what clients have, and installs it."""
    constraints = _use_library(settings)
    report = os.path.join(settings["work"], "report.json")
    requirements = _requirements(settings)
    _pip_install(
        ["--dry-run", "--report=" + report, "--constraint=" + constraints, "--requirement=" + requirements], settings
    )
    with open(report, encoding="utf-8") as file:
        pins = _pins(json.load(file))
    if pins:
        folder = _install(pins, settings)
        for pin, distribution in _installed(pins, folder):
            pin["modules"] = _modules(distribution)
    return pins


def run(work):
    """Resolves requirements where the request has any; else installs its pins."""
    global _library
    with open(os.path.join(work, "request.json"), encoding="utf-8") as file:
        settings = dict(json.load(file), work=work)
    _library = settings["library"]
    _witness.begin()
    try:
        if settings.get("requirements") is not None:
            answer = {"pins": _resolve(settings)}
        else:
            _install(settings["pins"], settings)
            answer = {"pins": settings["pins"]}
    except Refusal as refusal:
        answer = {"problem": refusal.problem}
    with open(os.path.join(work, "answer.json"), "w", encoding="utf-8") as file:
        json.dump(answer, file)
