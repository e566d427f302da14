"""Calls scripts. Java uses load() and call() only.

Evaluated once a context, after opened_files.py, whose _open it uses.
"""

import builtins
import linecache
import os
import sys
import types

_MAX_FRAMES = 30
_PLAIN = (bool, int, float, bytes, list, tuple, dict)  # what they make of `not` no script has changed
_errors = sys.stderr
_module = None
_streams = None
_builtins_untouched = None


def _watch_builtins():
    """A function that says whether the builtins are what they are now; cheaper than to compare them all."""
    names = {"b": builtins, "l": len, "d": builtins.__dict__, "n": len(builtins.__dict__)}
    tests = ["l(d) == n"]
    for name, value in builtins.__dict__.items():
        if name.islower() and not name.startswith("__") or name == "__import__":
            names["_" + name] = value
            tests.append(f"b.{name} is _{name}")
    return eval("lambda: " + " and ".join(tests), names)


def _is_spoiled():
    """Whether the next line would meet what this one has broken. What a script changes in other
    modules stays: its next lines may rely on it, and no other script gets to see this context."""
    try:
        return not (
            sys.stdout is _streams[0]
            and sys.stderr is _streams[1]
            and not sys.stdout.closed
            and not sys.stderr.closed
            and _builtins_untouched()
        )
    except BaseException:
        return True


def load(name, source, packages, folder):
    """Runs a script's module; `name` is its file name and, without suffix, its module name.

    What it requires, in the folder `packages` or None, comes behind the client's own packages.

    Answers as call() does; the kind is LOADED where all went well.
    """
    global _module, _streams, _builtins_untouched
    answer = None
    try:
        os.chdir(folder)
        if packages:
            sys.path.append(packages)
        module = types.ModuleType(name.rpartition(".")[0])
        module.__file__ = name
        sys.modules[module.__name__] = module
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        _module = module
        exec(compile(source, name, "exec"), module.__dict__)
        if callable(getattr(module, "download", None)):
            answer = ["LOADED", "", [], False]
        else:
            what = "the script has no function download(line, output_local_dir)"
            answer = ["RAISED", what, [], False]
    except BaseException as error:
        answer = _raised(error)
    finally:
        _open.forget()
        _flush(answer)
    _streams = (sys.stdout, sys.stderr)
    _builtins_untouched = _watch_builtins()
    return answer


def call(line, folder):
    """Answers what download() did, in plain values for Java: [kind, text, links, spoiled]."""
    answer = None
    try:
        os.chdir(folder)
        answer = _returned(_module.download(line, folder))
        _open.close_all()
    except BaseException as error:
        answer = _raised(error)
    finally:
        try:
            _open.close_all()
        except BaseException:
            pass  # the call has failed already
        _flush(answer)
    if _is_spoiled():
        answer[3] = True
    return answer


def _flush(answer):
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            if answer is not None:
                answer[3] = True


def _returned(value):
    if value is None:
        return ["NONE", "", [], False]
    try:
        path = os.fspath(value)
    except TypeError:
        path = None
    if isinstance(path, str):
        return ["PATH", str.__getitem__(path, slice(5000)), [], False]
    try:
        text = f"{value!r:.200}"
    except BaseException:
        text = "something"
    kind = "EMPTY" if type(value) in _PLAIN and not value else "ODD"
    return [kind, f"{text} of type {_name_of(type(value))}", [], False]


def _raised(error):
    """What Java gets to know of an exception, whose class may be hostile. Its traceback is printed."""
    kind = _name_of(type(error))
    if kind == "ForeignException":
        raise error  # os._exit() and the like: Java sees what it is
    try:
        text = str(error)
        what = f"{kind}: {text:.5000}" if text else kind
    except BaseException:
        what = f"{kind}: (its text can't be read)"
    frames = []
    try:
        frames = _own_frames(error)
        _errors.write("\n".join((*_traceback(frames), what, "")))
        _errors.flush()
    except BaseException:
        pass  # the script has closed the stream, or broken what it takes
    try:
        links = _links(error)
    except BaseException:
        links = []
    where = f" (line {frames[-1][0]} of the script)" if frames else ""
    return ["RAISED", what + where, links, False]


def _name_of(kind):
    """The name of a class, whatever its metaclass makes of it."""
    return type.__dict__["__name__"].__get__(kind)


def _own_frames(error):
    """The places in the script that an error came by: (line, function)."""
    frames = []
    name = _module.__file__
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == name:
            frames.append((trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename == name:
        frames.append((error.lineno, "<module>"))
    return frames


def _traceback(frames):
    if frames:
        yield "Traceback (the script's own lines, most recent call last):"
    for at, function in frames[-_MAX_FRAMES:]:
        yield f'  File "{_module.__file__}", line {at}, in {function}'
        yield "    " + linecache.getline(_module.__file__, at).strip()


def _links(error):
    """The error and what it was raised from or wraps: [type names, HTTP status, Retry-After, errno]."""
    links = []
    waiting = [error]
    seen = set()
    while waiting and len(links) < 20:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        names = [f"{t.__module__}.{t.__qualname__}" for t in type(link).__mro__]
        status, retry_after = _http(link)
        number = getattr(link, "errno", None)
        links.append([names, status, retry_after, number if isinstance(number, int) else -1])
        inner = [link.__cause__, getattr(link, "reason", None), *getattr(link, "args", ())]
        waiting.extend(i for i in inner if isinstance(i, BaseException))
    return links


def _http(error):
    """Status and Retry-After of the answer that an HTTP library's error carries."""
    try:
        answer = getattr(error, "response", None)
        if isinstance(answer, dict):  # botocore
            metadata = answer.get("ResponseMetadata", {})
            status, headers = metadata.get("HTTPStatusCode"), metadata.get("HTTPHeaders", {})
        elif answer is not None:  # requests, httpx
            status, headers = getattr(answer, "status_code", None), answer.headers
        else:  # urllib, aiohttp
            status = getattr(error, "code", None) or getattr(error, "status", None)
            headers = getattr(error, "headers", None)
        if not isinstance(status, int):
            return -1, None
        retry_after = headers.get("Retry-After") if headers else None
        return status, str(retry_after) if retry_after is not None else None
    except Exception:
        return -1, None
