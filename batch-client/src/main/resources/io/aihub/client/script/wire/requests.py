"""requests.get() and requests.head() with common arguments, in one call to Java.

All else, and what is out of the ordinary in an answer, is the stock code's, which stands on connections.py.
"""


def _install_requests(answers, connections, get, rest, room, close):
    import contextlib
    import functools
    import logging
    import os
    import re
    import warnings
    from _thread import get_ident as thread
    from datetime import timedelta

    import requests
    import requests.adapters
    import requests.api
    import requests.cookies
    import requests.models
    import requests.sessions
    import requests.utils
    import urllib3
    import urllib3.connectionpool
    import urllib3.poolmanager
    import urllib3.response
    from requests.structures import CaseInsensitiveDict
    from urllib3.exceptions import InsecureRequestWarning

    Failure = answers.Failure
    PORTS = connections.PORTS
    LARGE = 1 << 20
    primed = connections.primed
    untouched_sockets = connections.untouched
    milliseconds = connections.milliseconds
    answer_of = answers.answer
    Response = requests.models.Response
    HTTPAdapter = requests.adapters.HTTPAdapter
    Session = requests.sessions.Session

    stock = requests.api.request
    stock_send = HTTPAdapter.send

    @functools.wraps(stock_send)
    def send(self, request, stream=False, *args, **kwargs):
        response = stock_send(self, request, stream, *args, **kwargs)
        if not stream and (getattr(response.raw, "length_remaining", 0) or 0) > LARGE:
            # the session is about to read it, in small pieces that it joins
            handle = getattr(response.raw._fp, "_handle", None)
            data = room(handle) if type(handle) is int and handle else None
            if type(data) is str:
                raise Failure(data).as_error()
        return response

    HTTPAdapter.send = send

    untouched = connections.watch(
        (requests, "Session session adapters sessions models Response"),
        (requests.sessions, "Session Request PreparedRequest HTTPAdapter default_headers"),
        (requests.sessions, "get_netrc_auth get_environ_proxies cookiejar_from_dict"),
        (requests.sessions, "merge_setting dispatch_hook extract_cookies_to_jar"),
        (Session, "__init__ request prepare_request send merge_environment_settings"),
        (Session, "get_adapter mount close resolve_redirects __enter__ __exit__"),
        (requests.models, "Response PreparedRequest REDIRECT_STATI"),
        (requests.models.PreparedRequest, "__init__ prepare prepare_method prepare_url"),
        (requests.models.PreparedRequest, "prepare_headers prepare_cookies prepare_auth"),
        (requests.models.PreparedRequest, "prepare_body prepare_hooks"),
        (requests.models, "requote_uri"),
        (Response, "__init__ raise_for_status iter_content content text json"),
        (HTTPAdapter, "__init__ send build_response get_connection_with_tls_context"),
        (HTTPAdapter, "cert_verify request_url add_headers init_poolmanager get_connection"),
        (requests.adapters, "PoolManager HTTPAdapter Response DEFAULT_RETRIES Retry"),
        (requests.adapters, "DEFAULT_CA_BUNDLE_PATH"),
        (requests.utils, "default_user_agent DEFAULT_ACCEPT_ENCODING"),
        (urllib3.poolmanager.PoolManager, "urlopen connection_from_host __init__"),
        (urllib3.connectionpool.HTTPConnectionPool, "urlopen _make_request ConnectionCls _new_conn"),
        (urllib3.connectionpool.HTTPSConnectionPool, "urlopen _make_request ConnectionCls _new_conn"),
        (urllib3.response.HTTPResponse, "read stream"),
        (urllib3.connectionpool, "warnings BaseHTTPResponse"),
        (warnings, "warn"),
    )

    # addresses that prepare_url() would leave as they are
    simple_url = re.compile(
        r"(https?)://([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::([1-9][0-9]{0,4}))?"
        r"(/[A-Za-z0-9_~!$'()*+,;=:@&/-]*(?:\.[A-Za-z0-9_~!$'()*+,;=:@&-][A-Za-z0-9._~!$'()*+,;=:@&/-]*)?"
        r"(?:\?[A-Za-z0-9._~!$'()*+,;=:@&/?-]+)?)"
    ).fullmatch
    prepared_url = re.compile(
        r"(https?)://([a-z0-9_.-]+)(?::([1-9][0-9]{0,4}))?(/[!-\"$-~]*)(?:#[!-~]*)?"
    ).fullmatch
    log = urllib3.connectionpool.log
    environment = os.environ._data
    environment_then = dict(environment)
    default_headers = {
        name.lower(): f"{name}: {value}" for name, value in requests.utils.default_headers().items()
    }
    known_names = {}  # header names: lower case, or None for those that the stock code looks after
    ca_bundle = requests.adapters.DEFAULT_CA_BUNDLE_PATH
    new = object.__new__

    class _Answer(Response):
        """A response whose rarer parts are made when someone asks for them."""

        _next = None

        def __getattr__(self, name):
            make = _parts.get(name)
            wire = self.__dict__.get("_wire")
            if make is None or wire is None:
                raise AttributeError(
                    f"{type(self).__name__!r} object has no attribute {name!r}"
                )
            value = make(self, wire)
            self.__dict__[name] = value
            return value

        def __reduce__(self):
            return Response, (), self.__getstate__()

        def close(self):
            if "raw" in self.__dict__ or not self._content_consumed:
                super().close()

    answers.name_after(_Answer, Response)

    def _request_part(self, wire):
        method, url, headers, target, answer = wire
        with Session() as session:
            return session.prepare_request(requests.Request(method, url, headers=headers))

    def _raw_part(self, wire):
        method, url, headers, target, answer = wire
        options = {"retries": urllib3.Retry(0, read=False)}
        if self._content_consumed:  # as after reading: nothing is left
            nothing = (*answer[:2], 0, *answer[3:6], b"", "")
            raw = answers.raw(method, target, nothing, enforce_content_length=False, **options)
            raw._fp.whole = 0
            raw.read()
            raw.enforce_content_length = True
            if not raw.chunked:
                raw._fp_bytes_read = len(self._content)
                raw.length_remaining = raw.length_remaining and 0
            return raw
        scheme, host, port, _ = prepared_url(self.url).groups()
        pools = urllib3.connectionpool
        kind = pools.HTTPSConnectionPool if scheme == "https" else pools.HTTPConnectionPool
        options["pool"] = kind(host, int(port or PORTS[scheme]))  # for the texts of errors
        return answers.raw(method, target, answer, **options)

    def _cookies_part(self, wire):
        jar = requests.cookies.cookiejar_from_dict({})
        if "set-cookie" in wire[4][5].lower():
            requests.adapters.extract_cookies_to_jar(jar, self.request, self.raw)
        return jar

    _parts = {
        "headers": lambda self, wire: CaseInsensitiveDict(answers.header_dict(wire[4][5])),
        "encoding": lambda self, wire: requests.adapters.get_encoding_from_headers(self.headers),
        "cookies": _cookies_part,
        "request": _request_part,
        "raw": _raw_part,
        "elapsed": lambda self, wire: timedelta(microseconds=int(wire[4][7])),
        "history": lambda self, wire: [],
        "connection": lambda self, wire: HTTPAdapter(),
    }

    def _header_lines(headers):
        """The lines that the stock code would send; None where that is not for certain."""
        lines = default_headers.copy()
        for name, value in headers.items():
            if type(name) is not str or type(value) is not str:
                return None
            lower = known_names.get(name)
            if lower is None:
                lower = _known_name(name)
                if lower is None:
                    return None
            if not (value.isascii() and value.isprintable() and value.strip() == value):
                return None
            lines[lower] = name + ": " + value
        return "\n".join(lines.values())

    def _known_name(name):
        lower = name.lower()
        if not connections.NAME.fullmatch(name) or lower in (
            "host", "content-length", "transfer-encoding", "expect", "upgrade", "te", "trailer",
        ):
            return None
        if len(known_names) < 1000:
            known_names[name] = lower
        return lower

    default_lines = "\n".join(default_headers.values())

    def _environment_is_silent():
        """Whether no variable says where to go through or whom to trust."""
        nonlocal environment_then
        for name in os.environ:
            upper = name.upper()
            if upper.endswith("_PROXY") or upper in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
                return False
        if environment.get(b"HOME") != environment_at_start.get(b"HOME"):
            return False
        environment_then = dict(environment)
        return True

    environment_at_start = environment_then

    def request(method, url, **kwargs):
        if (
            (method == "get" or method == "head")
            and type(url) is str
            and untouched()
            and untouched_sockets()
            and (environment == environment_then or _environment_is_silent())
            and not log.isEnabledFor(logging.DEBUG)  # urllib3 tells of each request
        ):
            done = _common(method.upper(), url, kwargs)
            if done is not None:
                return done
        return stock(method, url, **kwargs)

    def _common(method, url, kwargs):
        """The response to a request with common arguments; None for any other."""
        lines = default_lines
        headers = params = verify = None
        connect_ms = read_ms = "0"
        stream = False
        for name, value in kwargs.items():
            if value is None:
                continue
            if name == "headers":
                if type(value) is not dict:
                    return None
                headers = dict(value)
                lines = _header_lines(headers)
                if lines is None:
                    return None
            elif name == "timeout":
                if type(value) is tuple:
                    if len(value) != 2:
                        return None
                    connect, limit = value
                else:
                    connect = limit = value
                for seconds in (connect, limit):
                    if seconds is not None and not (
                        (type(seconds) is int or type(seconds) is float) and 0 < seconds < 1e6
                    ):
                        return None
                connect_ms = str(milliseconds(connect))
                read_ms = connect_ms if limit is connect else str(milliseconds(limit))
            elif name == "verify":
                if value is not True and value is not False:
                    return None
                verify = value
            elif name == "allow_redirects":
                if value is not True and value is not False:
                    return None
            elif name == "stream":
                if value is not True and value is not False:
                    return None
                stream = value
            elif name == "params":
                if value:
                    params = value
            elif name == "proxies" or name == "cookies":
                if type(value) is not dict or value:
                    return None
            else:
                return None
        parts = simple_url(url) if params is None else None
        if parts is None:
            prepared = requests.models.PreparedRequest()
            try:
                prepared.prepare_url(url, params)
            except Exception:
                return None  # the stock code says it in its own way
            url = prepared.url
            parts = prepared_url(url)
            if parts is None:
                return None
        scheme, host, port, target = parts.groups()
        if scheme == "https":
            bundle = "" if verify is False else ca_bundle
            if verify is False:
                _warn(host)
        else:
            bundle = ""
        if port is None:
            name = host
            port = "443" if scheme == "https" else "80"
        else:
            name = host if int(port) == PORTS[scheme] else host + ":" + port
        data = get(
            f"{method}\n{scheme}\n{host}\n{port}\n{target}\n{connect_ms}\n{read_ms}\n{bundle}\n"
            f"{'head' if stream else 'whole'}\nHost: {name}\n{lines}"
        )
        if type(data) is str:
            if data.startswith("ELSEWHERE"):
                return None
            return _by_stock(Failure(data), method, url, params, kwargs)
        answer = answer_of(data)
        status, version, handle, flags, reason, fields, body, micros = answer
        if flags and ("S" in flags or not stream):
            return _by_stock(answer, method, url, params, kwargs)
        if handle and not stream:
            parts = []
            while True:
                data = rest(handle)
                if type(data) is str:
                    answer = (status, version, data, flags, reason, fields, b"".join(parts), micros)
                    return _by_stock(answer, method, url, params, kwargs)
                part = bytes(data)
                if not part:
                    break
                parts.append(part)
            body = parts[0] if len(parts) == 1 else b"".join(parts)  # joining copies twice
        response = new(_Answer)
        inside = response.__dict__
        inside["status_code"] = status
        inside["reason"] = reason
        inside["url"] = url
        inside["_content_consumed"] = not stream
        inside["_content"] = False if stream else body
        inside["_wire"] = (method, url, headers, target, answer)
        return response

    def _by_stock(answer, method, url, params, kwargs):
        """Lets the stock code make of an answer, or of its lack, what it would have made of it."""
        if params is not None:
            kwargs = {**kwargs, "params": None}  # they are in the address by now
        me = thread()
        primed[me] = answer
        try:
            with warnings.catch_warnings() if kwargs.get("verify") is False else _nothing:
                if kwargs.get("verify") is False:
                    warnings.simplefilter("ignore", InsecureRequestWarning)
                response = stock(method, url, **kwargs)
            if type(answer) is tuple:
                first = response.history[0] if response.history else response
                first.elapsed += timedelta(microseconds=int(answer[7]))
            return response
        finally:
            left = primed.pop(me, None)
            if type(left) is tuple and type(left[2]) is int and left[2]:
                close(left[2])

    def _warn(host):
        if warnings.filters and warnings.filters[0] == ("ignore", None, Warning, None, 0):
            return
        warnings.warn_explicit(
            f"Unverified HTTPS request is being made to host '{host}'. "
            "Adding certificate verification is strongly advised. See: "
            "https://urllib3.readthedocs.io/en/latest/advanced-usage.html"
            "#tls-warnings",
            InsecureRequestWarning,
            urllib3.connectionpool.__file__,
            1097,
            "urllib3.connectionpool",
            urllib3.connectionpool.__dict__.setdefault("__warningregistry__", {}),
        )

    _nothing = contextlib.nullcontext()
    request.__doc__ = stock.__doc__
    request.__module__ = stock.__module__
    request.__qualname__ = stock.__qualname__
    requests.api.request = request
    requests.request = request
