"""What requests and urllib3 make of an origin. Run by WireTest in GraalPy over Java's connections, and by
hand in CPython (`python3 wire_cases.py HTTP-PORT HTTPS-PORT BUNDLE`), whose answers are in wire_cases.txt.

Each function is a case; what it returns, or raises, is its answer. Ports are left out of answers.
"""

import contextlib
import gzip as GZIP
import http.client
import io
import json
import logging
import os
import pickle
import re
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import warnings
import zlib

import requests
import requests.adapters
import urllib3

HTTP = HTTPS = BUNDLE = None


def seen(r):
    return [r.status_code, r.reason, r.url, dict(r.headers), r.text[:200], len(r.content)]


def raw(answer):
    """Where the origin answers just so, and closes the connection."""
    return HTTP + "/raw?" + urllib.parse.quote(answer, safe="", encoding="latin-1")


def each(attempt, *given):
    """What comes of each, be it an error."""
    out = []
    for one in given:
        try:
            out.append(attempt(one))
        except Exception as e:
            out.append([type(e).__name__, str(e)])
    return out


def error(e):
    """An exception and what it was raised of."""
    inner = e.args[0] if e.args and isinstance(e.args[0], BaseException) else None
    names = [type(e).__name__, str(e)]
    if inner is not None:
        names.append(type(inner).__name__)
        reason = getattr(inner, "reason", None)
        names.append(type(reason).__name__)
    names.append(e.request.url if getattr(e, "request", None) is not None else None)
    names.append(getattr(e, "response", None) is not None)
    return names


def get():
    return seen(requests.get(HTTP + "/file"))


def get_https_unverified():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        r = requests.get(HTTPS + "/file", verify=False)
    return seen(r) + [[w.category.__name__, str(w.message)] for w in caught]


def get_https_bundle():
    return seen(requests.get(HTTPS + "/file", verify=BUNDLE))


def get_https_bundle_in_environment():
    os.environ["REQUESTS_CA_BUNDLE"] = BUNDLE
    try:
        return seen(requests.get(HTTPS + "/file"))
    finally:
        del os.environ["REQUESTS_CA_BUNDLE"]


def https_unknown_certificate():
    requests.get(HTTPS + "/file")


def https_no_such_bundle():
    requests.get(HTTPS + "/file", verify="/no/such/bundle")


def https_wrong_host():
    requests.get(HTTPS.replace("127.0.0.1", "localhost") + "/file", verify=BUNDLE)


def https_to_http():
    requests.get(HTTP.replace("http:", "https:") + "/file", verify=False)


def what_is_sent():
    return requests.get(HTTP + "/echo", headers={"user-agent": "me", "X-Own": "yes"}).text


def what_is_sent_by_head():
    r = requests.head(HTTP + "/echo", headers={"User-Agent": "me"})
    return [r.status_code, r.content, "content-length" in r.headers, r.request.method]


def what_is_sent_without_defaults():
    none = {"User-Agent": None, "Accept-Encoding": None, "Accept": None, "Connection": None}
    return requests.get(HTTP + "/echo", headers=none).text


def own_host():
    return requests.get(HTTP + "/echo", headers={"Host": "other.example"}).text


def parameters():
    return requests.get(HTTP + "/echo?x=1", params={"a": ["1", "2"], "b": "ü &"}).url


def odd_addresses():
    urls = ["/echo?q=a|b", "/echo/../echo", "/echo?%7e=%2f%41", "/echo#part", "/echo?ä=1", "/a b?echo", "/./echo"]
    return [(r.url, r.text.split("\r\n")[0]) for r in (requests.get(HTTP + u) for u in urls)]


def upper_case_host():
    return requests.get(HTTP.replace("127.0.0.1", "LOCALHOST") + "/echo").text


def not_found():
    r = requests.get(HTTP + "/status/404")
    try:
        r.raise_for_status()
    except requests.HTTPError as e:
        return [str(e), e.response is r, e.request.url, r.ok, bool(r), r.headers["retry-after"], r.text]


def no_reason():
    return [seen(requests.get(HTTP + "/no-reason")), requests.get(HTTP + "/status/299").reason]


def redirect():
    r = requests.get(HTTP + "/redirect")
    return seen(r) + [[h.status_code for h in r.history], r.history[0].text]


def redirect_not_followed():
    r = requests.get(HTTP + "/redirect", allow_redirects=False)
    return seen(r) + [r.is_redirect, r.next.url, r.history]


def redirect_of_head():
    r = requests.head(HTTP + "/redirect")
    s = requests.head(HTTP + "/redirect", allow_redirects=True)
    return [r.status_code, s.status_code, s.url, len(s.history)]


def redirect_with_cookie():
    return requests.get(HTTP + "/redirect-cookie").text


def redirect_loop():
    requests.get(HTTP + "/redirect-loop")


def redirect_utf8():
    r = requests.get(HTTP + "/redirect-utf8")
    return [r.url, r.text]


def redirect_of_post():
    return requests.post(HTTP + "/redirect-post", data={"a": "b"}).text


def cookies():
    r = requests.get(HTTP + "/cookies")
    return [dict(r.cookies), r.headers["X-TWICE"], r.raw.headers.getlist("x-twice"), list(r.headers)]


def cookies_of_a_session():
    with requests.Session() as s:
        s.get(HTTP + "/cookies")
        return s.get(HTTP + "/echo", cookies={"c": "3"}).text


def session_headers():
    s = requests.Session()
    s.headers.update({"X-Own": "1", "Accept": None})
    s.params = {"k": "v"}
    return s.get(HTTP + "/echo").text


def gzip():
    r = requests.get(HTTP + "/gzip")
    return [len(r.content), r.text[:20], r.headers["content-encoding"], r.headers["content-length"]]


def gzip_chunked():
    r = requests.get(HTTP + "/gzip-chunked")
    s = requests.get(HTTP + "/gzip-chunked", stream=True)
    return [len(r.content), sum(len(c) for c in s.iter_content(100))]


def deflate():
    return len(requests.get(HTTP + "/deflate").content)


def gzip_raw():
    with requests.get(HTTP + "/gzip", stream=True) as r:
        return [r.raw.read(2), r.raw.read(3, decode_content=False)]


def bad_gzip():
    try:
        requests.get(HTTP + "/bad-gzip")
    except requests.exceptions.ContentDecodingError as e:
        return str(e)[:80]  # the rest is zlib's


def brotli_without_its_package():
    return requests.get(HTTP + "/br").content


def chunked():
    return seen(requests.get(HTTP + "/chunked"))


def chunked_in_a_stream():
    with requests.get(HTTP + "/chunked", stream=True) as r:
        return [len(c) for c in r.iter_content(None)], r.raw.closed


def chunked_cut_off():
    requests.get(HTTP + "/chunked-short")


def chunked_bad():
    try:
        requests.get(HTTP + "/chunked-bad")
    except requests.exceptions.ChunkedEncodingError as e:
        return type(e).__name__


def body_cut_off():
    requests.get(HTTP + "/short")


def body_cut_off_in_a_stream():
    r = requests.get(HTTP + "/short", stream=True)
    got = []
    try:
        for part in r.iter_content(3):
            got.append(part)
    except requests.exceptions.ChunkedEncodingError as e:
        return [got, str(e)]


def body_until_closed():
    return seen(requests.get(HTTP + "/until-closed"))


def no_answer():
    requests.get(HTTP + "/no-answer")


def rubbish():
    requests.get(HTTP + "/rubbish")


def time_out():
    requests.get(HTTP + "/hang", timeout=0.3)


def time_out_of_two():
    requests.get(HTTP + "/hang", timeout=(5, 0.3))


def time_out_in_body():
    requests.get(HTTP + "/hang-in-body", timeout=0.3)


def time_out_in_a_stream():
    with requests.get(HTTP + "/hang-in-body", timeout=0.3, stream=True) as r:
        for part in r.iter_content(5):
            pass


def time_out_as_urllib3_has_it():
    requests.get(HTTP + "/hang", timeout=urllib3.Timeout(connect=2, read=0.3))


def bad_time_out():
    requests.get(HTTP + "/file", timeout=(1, 2, 3))


def zero_time_out():
    requests.get(HTTP + "/file", timeout=0)


def refused():
    requests.get("http://127.0.0.1:1/x")


def no_such_host():
    requests.get("http://no-such-host.invalid/x")


def bad_address():
    out = []
    for url in ("no-scheme/x", "http://", "ftp://x/y", "http://*.x/", "http://[::1/", "http://a:99999/"):
        try:
            requests.get(url)
        except Exception as e:
            out.append([type(e).__name__, str(e)])
    return out


def bad_header():
    out = []
    for headers in ({"X": "a\nb"}, {"X": " a"}, {"X": 1}, {"X:": "a"}, {"X": "ü"}, {"X": "日"}, {"X": b"y"}):
        try:
            out.append(requests.get(HTTP + "/echo", headers=headers).text.count("X: "))
        except UnicodeEncodeError as e:
            out.append(type(e).__name__)
        except Exception as e:
            out.append([type(e).__name__, str(e)])
    return out


def stream():
    with requests.get(HTTP + "/big", stream=True) as r:
        sizes = [len(c) for c in r.iter_content(3000000)]
    return [sizes, r.headers["content-length"], r.raw.closed]


def stream_small_parts():
    with requests.get(HTTP + "/file", stream=True) as r:
        return list(r.iter_content(3))


def stream_raw():
    r = requests.get(HTTP + "/file", stream=True)
    return [r.raw.read(3), r.raw.tell(), r.raw.read(), r.raw.read(), r.raw.status, r.raw.version]


def stream_copied():
    import shutil

    with requests.get(HTTP + "/big", stream=True) as r:
        room = io.BytesIO()
        shutil.copyfileobj(r.raw, room)
    return len(room.getvalue())


def stream_given_up():
    r = requests.get(HTTP + "/big", stream=True)
    first = len(next(r.iter_content(10)))
    r.close()
    return [first, r.raw.closed]


def stream_consumed_twice():
    r = requests.get(HTTP + "/file", stream=True)
    list(r.iter_content(3))
    try:
        r.content
    except RuntimeError as e:
        return str(e)


def stream_then_content():
    r = requests.get(HTTP + "/file", stream=True)
    return [r.text, r.content, list(r.iter_lines())]


def lines():
    return list(requests.get(HTTP + "/echo", headers={"User-Agent": "x"}).iter_lines())[:2]


def big():
    r = requests.get(HTTP + "/big")
    return [len(r.content), r.content[8000 * 7], r.content[8000 * 999]]


def post():
    return requests.post(HTTP + "/echo", data={"a": "ü", "b": ["1", "2"]}).text


def post_json():
    return requests.post(HTTP + "/echo", json={"a": 1}, headers={"User-Agent": "x"}).text


def post_nothing():
    return requests.post(HTTP + "/echo").text


def post_a_file():
    return requests.post(HTTP + "/echo", data=io.BytesIO(b"a file's bytes")).text


def post_parts():
    return requests.post(HTTP + "/echo", data=(p for p in [b"a", b"b"]), timeout=5).status_code


def put_and_delete():
    return [requests.put(HTTP + "/echo", data=b"x").text, requests.delete(HTTP + "/echo").text]


def expect():
    return requests.post(HTTP + "/continue", data=b"x", headers={"Expect": "100-continue"}).text


def basic():
    r = requests.get(HTTP + "/basic", auth=("me", "secret"))
    s = requests.get(HTTP.replace("//", "//me:secret@") + "/basic")
    return [r.text, s.text, s.url, requests.get(HTTP + "/basic").status_code]


def digest():
    r = requests.get(HTTP + "/digest", auth=requests.auth.HTTPDigestAuth("me", "secret"))
    return [r.text, len(r.history)]


def netrc():
    home = os.path.expanduser("~")
    path = os.path.join(home, ".netrc")
    with open(path, "w") as f:
        f.write("machine 127.0.0.1 login me password secret\n")
    try:
        return requests.get(HTTP + "/basic").text
    finally:
        os.remove(path)


def proxy():
    return requests.get("http://no-such-host.invalid/echo", proxies={"http": HTTP}).text


def proxy_in_environment():
    os.environ["http_proxy"] = HTTP
    try:
        return requests.get("http://no-such-host.invalid/echo?x=1").text
    finally:
        del os.environ["http_proxy"]


def proxy_refused():
    requests.get("http://no-such-host.invalid/echo", proxies={"http": "http://127.0.0.1:1"})


def retry():
    s = requests.Session()
    retries = urllib3.Retry(total=5, backoff_factor=0, status_forcelist=[503])
    s.mount("http://", requests.adapters.HTTPAdapter(max_retries=retries))
    return [s.get(HTTP + "/flaky?" + str(id(s))).text, len(s.get(HTTP + "/file").raw.retries.history)]


def retry_in_vain():
    s = requests.Session()
    s.mount("http://", requests.adapters.HTTPAdapter(max_retries=urllib3.Retry(2, status_forcelist=[404])))
    s.get(HTTP + "/status/404")


def retry_refused():
    s = requests.Session()
    s.mount("http://", requests.adapters.HTTPAdapter(max_retries=2))
    s.get("http://127.0.0.1:1/x")


def own_adapter():
    class Own(requests.adapters.HTTPAdapter):
        def send(self, request, **kwargs):
            request.headers["X-Own"] = "adapter"
            kwargs["timeout"] = 5
            return super().send(request, **kwargs)

    s = requests.Session()
    s.mount("http://", Own())
    return s.get(HTTP + "/echo").text


def patched_send():
    stock = requests.sessions.Session.send

    def send(self, request, **kwargs):
        request.headers["X-Patched"] = "yes"
        return stock(self, request, **kwargs)

    requests.sessions.Session.send = send
    try:
        return requests.get(HTTP + "/echo").text
    finally:
        requests.sessions.Session.send = stock


def patched_addresses():
    import socket

    stock = socket.getaddrinfo
    asked = []

    def getaddrinfo(host, *args, **kwargs):
        asked.append(host)
        return stock("127.0.0.1", *args, **kwargs)

    socket.getaddrinfo = getaddrinfo
    try:
        r = requests.get(HTTP.replace("127.0.0.1", "patched.invalid") + "/file")
        return [asked, r.text]
    finally:
        socket.getaddrinfo = stock


def hooks():
    called = []
    requests.get(HTTP + "/file", hooks={"response": lambda r, **k: called.append(r.status_code)})
    return called


def parts_of_a_response():
    r = requests.get(HTTP + "/latin1")
    return [
        r.encoding, r.text, r.reason, r.headers["x-name"], r.request.method, r.request.url,
        dict(r.request.headers), r.elapsed.total_seconds() > 0, r.history, r.links, r.is_redirect,
        repr(r), r.apparent_encoding is not None, type(r).__name__, isinstance(r, requests.Response),
        r.raw.read(), r.raw.closed, hasattr(r, "no_such_part"),
    ]


def pickled():
    r = pickle.loads(pickle.dumps(requests.get(HTTP + "/file")))
    return [r.text, r.status_code, r.url, r.request.url, type(r) is requests.Response]


def json_of_no_json():
    requests.get(HTTP + "/file").json()


def empty():
    r = requests.get(HTTP + "/empty")
    return [r.status_code, r.content, r.text, r.headers]


def kept_connection_that_is_closed():
    return [requests.get(HTTP + "/once").text for _ in range(3)]


def from_threads():
    got = []

    def one():
        got.append(requests.get(HTTP + "/file").text)

    threads = [threading.Thread(target=one) for _ in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return got


def connection_closed_by_the_server_in_a_session():
    s = requests.Session()
    return [s.get(HTTP + "/once").text, s.get(HTTP + "/until-closed").text, s.post(HTTP + "/echo", data=b"x").status_code]


def response_that_has_no_length_to_head():
    return requests.head(HTTP + "/chunked").status_code


def many_open_streams():
    open_ones = [requests.get(HTTP + "/big", stream=True) for _ in range(20)]
    return sum(r.status_code for r in open_ones)


def copied():
    import copy

    r = copy.copy(requests.get(HTTP + "/file"))
    return [r.text, r.ok]


def stream_of_gzip_as_file():
    r = requests.get(HTTP + "/gzip", stream=True)
    r.raw.decode_content = True
    return len(r.raw.read())


def stream_lines_of_chunks():
    with requests.get(HTTP + "/chunked", stream=True) as r:
        return [len(x) for x in r.iter_lines(chunk_size=33)]


def read_one_by_one():
    with requests.get(HTTP + "/chunked", stream=True) as r:
        return [r.raw.read(1), len(r.raw.read(100)), len(r.raw.read())]


def time_out_of_none():
    return requests.get(HTTP + "/file", timeout=None, proxies={}, cookies={}, stream=False).text


def unicode_host():
    requests.get("http://\u00fcnicode-no-such-host.invalid/x")


def response_of_its_own_class():
    class Own(requests.Response):
        pass

    r = requests.get(HTTP + "/file")
    r.extra = 1
    r.encoding = "ascii"
    r._content = b"changed"
    return [r.text, r.extra, r.encoding]


def urllib3_alone():
    http = urllib3.PoolManager()
    r = http.request("GET", HTTP + "/redirect", fields={"a": "1"})
    s = http.request("POST", HTTP + "/echo", body=b"x", headers={"X": "1"})
    return [r.status, r.data, r.geturl(), s.data, http.request("GET", HTTP + "/gzip").data[:6]]


def urllib_alone():
    with urllib.request.urlopen(HTTP + "/file") as r:
        return [r.status, r.read()]


def http_client_alone():
    c = http.client.HTTPConnection(HTTP[7:])
    c.request("GET", "/file")
    return c.getresponse().read()


def head_of(answer):
    """What is seen of an answer that is all head, but for its body."""
    r = requests.get(raw(answer))
    return [r.status_code, r.reason, dict(r.headers), r.text[:100]]


def length_stated_twice():
    return head_of("HTTP/1.1 200 OK\r\nContent-Length: 8\r\nContent-Length: 8\r\n\r\nthe file")


def lengths_that_differ():
    address = raw("HTTP/1.1 200 OK\r\nContent-Length: 8\r\nContent-Length: 9\r\n\r\nthe file.")
    return each(lambda stream: requests.get(address, stream=stream).text, False, True)


def odd_lengths():
    heads = ("Content-Length: eight", "Content-Length: -8", "Content-Length: 8, 8", "Content-Length:", "content-length:8")
    return each(lambda head: head_of("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\nthe file"), *heads)


def odd_transfer_encodings():
    heads = (
        "Transfer-Encoding: identity\r\nContent-Length: 8\r\n\r\nthe file",
        "Transfer-Encoding: Chunked\r\n\r\n8\r\nthe file\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n8;a=b\r\nthe file\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nthe file\r\n0\r\n\r\n",
    )
    return each(lambda head: head_of("HTTP/1.1 200 OK\r\n" + head), *heads)


def odd_status_lines():
    first = ("HTTP/1.1 200OK", "HTTP/1.1 abc No", "ICY 200 OK", "HTTP/1.1 999 Odd", "HTTP/1.0 200", "HTTP/1.1  200  Two")
    return each(lambda line: head_of(line + "\r\nContent-Length: 8\r\n\r\nthe file"), *first)


def bare_line_feeds():
    return head_of("HTTP/1.1 200 OK\nContent-Length: 8\n\nthe file")


def bodies_where_none_belongs():
    first = ("204 No Content", "304 Not Modified")
    return each(lambda line: head_of(f"HTTP/1.1 {line}\r\nContent-Length: 8\r\n\r\nthe file"), *first)


def more_than_was_announced():
    return head_of("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nthe file")


def odd_content_encodings():
    packed = GZIP.compress(b"packed")
    bodies = (
        ("gzip, gzip", GZIP.compress(packed)),
        ("x-gzip", packed),
        ("GZIP", packed),
        ("gzip", packed + packed),
        ("gzip", packed[:-9]),
        ("gzip", b""),
        ("deflate", zlib.compress(b"packed")[2:-4]),
        ("identity", b"packed"),
        ("br", b"packed"),
        ("unknown", b"packed"),
        ("deflate, gzip", GZIP.compress(zlib.compress(b"packed"))),
    )

    def attempt(given):
        name, body = given
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {name}\r\nContent-Length: {len(body)}\r\n\r\n"
        return requests.get(raw(head + body.decode("latin-1"))).content

    return each(attempt, *bodies)


def reset():
    return each(lambda path: requests.get(HTTP + path).text, "/reset", "/reset-in-body")


def proxy_with_a_password():
    proxies = {"http": HTTP.replace("//", "//me:secret@")}
    return requests.get("http://no-such-host.invalid/echo", proxies=proxies).text


def proxy_but_not_for_this_host():
    os.environ["http_proxy"] = "http://127.0.0.1:1"
    os.environ["no_proxy"] = "127.0.0.1"
    try:
        return requests.get(HTTP + "/file").text
    finally:
        del os.environ["http_proxy"], os.environ["no_proxy"]


def proxy_of_a_session():
    with requests.Session() as s:
        s.proxies["http"] = HTTP
        s.trust_env = False
        return [s.get("http://no-such-host.invalid/echo").text.split("\r\n")[0] for _ in range(2)]


def bundle_of_a_session():
    with requests.Session() as s:
        s.verify = BUNDLE
        return [s.get(HTTPS + "/file").text for _ in range(2)]


def retry_when_told_to():
    s = requests.Session()
    retries = urllib3.Retry(1, status_forcelist=[503], backoff_factor=0)
    s.mount("http://", requests.adapters.HTTPAdapter(max_retries=retries))
    began = time.monotonic()
    try:
        s.get(raw("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"))
    except requests.exceptions.RetryError:
        return time.monotonic() - began >= 1


def retry_of_a_read():
    s = requests.Session()
    s.mount("http://", requests.adapters.HTTPAdapter(max_retries=urllib3.Retry(3, backoff_factor=0)))
    return s.get(HTTP + "/flaky-reset?" + str(id(s))).text


def urllib3_in_parts():
    http = urllib3.PoolManager()
    r = http.request("GET", HTTP + "/file", preload_content=False)
    parts = [r.read(3), list(r.stream(2)), r.status]
    r.release_conn()
    s = http.request("GET", HTTP + "/chunked", preload_content=False)
    return parts + [[len(c) for c in s.stream(None)], http.connection_from_url(HTTP).num_connections > 0]


def urllib_https():
    import ssl

    context = ssl.create_default_context(cafile=BUNDLE)
    with urllib.request.urlopen(HTTPS + "/file", context=context) as r:
        return r.read()


def urllib_errors():
    return each(lambda path: urllib.request.urlopen(HTTP + path, timeout=0.3).read(), "/status/404", "/hang", "/short")


def patched_get():
    stock = requests.get
    requests.get = lambda url, **kwargs: stock(url, headers={"X-Patched": "get"}, **kwargs)
    try:
        return "X-Patched" in requests.get(HTTP + "/echo").text
    finally:
        requests.get = stock


def patched_adapter():
    stock = requests.adapters.HTTPAdapter.send

    def send(self, request, **kwargs):
        r = stock(self, request, **kwargs)
        r.headers["X-Patched"] = "adapter"
        return r

    requests.adapters.HTTPAdapter.send = send
    try:
        return requests.get(HTTP + "/file").headers["X-Patched"]
    finally:
        requests.adapters.HTTPAdapter.send = stock


def patched(owner, name, value, attempt):
    stock = getattr(owner, name)
    setattr(owner, name, value)
    try:
        return attempt()
    finally:
        setattr(owner, name, stock)


def original_response():
    r = requests.get(HTTP + "/cookies", stream=True)
    o = r.raw._original_response
    return [
        o.status, o.reason, o.version, o.code, o.getheader("x-twice"), o.getheader("none", "given"), o.getheaders(),
        o.msg.get_all("set-cookie"), o.length, o.chunked, o.will_close, o.read(3), o.length, o.peek(9),
        o.isclosed(), o.readline(), type(o).__name__, isinstance(o, http.client.HTTPResponse),
    ]


def raw_of_what_is_read():
    raw = requests.get(HTTP + "/file").raw
    return [raw.tell(), raw.length_remaining, raw.enforce_content_length, repr(raw.retries), raw.closed, raw.read()]


def read_to_the_last_byte():
    r = requests.get(HTTP + "/file", stream=True)
    return [r.raw.length_remaining, r.raw.read(8), r.raw.closed, r.raw.read()]


def empty_query():
    r = requests.get(HTTP + "/echo?")
    return [r.url, r.text.split("\r\n")[0]]


def odd_labels():
    return each(requests.get, "http://a..b/", "http://" + "a" * 64 + ".invalid/")


WAYS = (
    lambda url: requests.get(url).content,
    lambda url: requests.get(url, stream=True).raw.read(),
    lambda url: list(requests.get(url, stream=True).raw.stream(3)),
    lambda url: urllib3.PoolManager().request("GET", url, retries=False).data,
    lambda url: urllib3.PoolManager().request("GET", url, retries=False, enforce_content_length=False).data,
)


def body_cut_off_in_other_ways():
    return each(lambda way: way(HTTP + "/short"), *WAYS)


def what_errors_come_from():
    def chain(url):
        names = []
        try:
            requests.get(url, timeout=0.3)
        except Exception as e:
            while e is not None:
                names.append(type(e).__name__)
                e = e.__cause__ or e.__context__
        return names

    addresses = ("http://127.0.0.1:1/", "http://no-such-host.invalid/", HTTP + "/hang", HTTP + "/reset", HTTP + "/no-answer")
    return [chain(address) for address in addresses]


def lengths_in_one():
    return each(lambda way: way(raw("HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nabc")), *WAYS)


def odd_versions():
    heads = ("HTTP/0.9 200 OK", "HTTP/1.2 200 OK", "<html>no head</html>\r\n")
    ask = lambda head: requests.get(raw(head + "\r\nContent-Length: 1\r\n\r\nx")).raw.version
    return each(ask, *heads)


def chunks_that_break_off():
    chunks = ("zz\r\n", "5\r\nabcde\r\nzz\r\n", "5\r\nabcde\r\n", "", "5\r\nabcde\r\n0\r\n")
    head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return [each(lambda way: way(raw(head + part)), *WAYS[:4]) for part in chunks]


def elapsed_until_the_head():
    def late(get):
        began = time.monotonic()
        r = get(HTTP + "/late-body")
        return [r.text, time.monotonic() - began - r.elapsed.total_seconds() > 1]

    return each(late, requests.get, requests.Session().get)


def elapsed_of_what_is_packed():
    return requests.get(HTTP + "/gzip").elapsed.total_seconds() > 0


def logged():
    log = logging.getLogger("urllib3")
    handler = logging.StreamHandler(io.StringIO())
    log.addHandler(handler)
    try:
        log.setLevel(logging.DEBUG)
        requests.get(HTTP + "/file")
    finally:
        log.setLevel(logging.NOTSET)
        log.removeHandler(handler)
    return handler.stream.getvalue()


def debug_level():
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        patched(http.client.HTTPConnection, "debuglevel", 1, lambda: requests.get(HTTP + "/file"))
    return printed.getvalue()


def patched_version():
    first = lambda: requests.get(HTTP + "/echo").text.split("\r\n")[0]
    return patched(http.client.HTTPConnection, "_http_vsn_str", "HTTP/1.0", first)


def patched_number_of_headers():
    get = lambda: each(lambda url: requests.get(url).text, HTTP + "/cookies")
    return patched(http.client, "_MAXHEADERS", 2, get)


def patched_read():
    stock = http.client.HTTPResponse.read
    read = lambda self, *a: stock(self, *a).upper()
    return patched(http.client.HTTPResponse, "read", read, lambda: requests.get(HTTP + "/file").text)


HELPERS = (seen, raw, each, error, head_of, patched)
CASES = {
    name: case
    for name, case in list(globals().items())
    if callable(case) and getattr(case, "__module__", None) == __name__ and case not in HELPERS
}


def run(name):
    try:
        answer = CASES[name]()
    except Exception as e:
        answer = error(e)
    text = ascii(answer)
    text = re.sub(r"(:|port=)(%s)\b" % "|".join(p.rpartition(":")[2] for p in (HTTP, HTTPS)), r"\1PORT", text)
    text = re.sub(r"\[Errno -[235]\] [A-Z][a-z ]+", "[no address]", text)
    return re.sub(r" object at 0x[0-9a-f]+", "", re.sub(r" \(_ssl\.c:\d+\)", "", text))


def download(line, output_local_dir):
    global HTTP, HTTPS, BUNDLE
    name, http, https, bundle = line.split(" ", 3)
    HTTP, HTTPS = "http://127.0.0.1:" + http, "https://127.0.0.1:" + https
    BUNDLE = os.path.join(output_local_dir, "bundle.pem")
    with open(BUNDLE, "w") as f:
        f.write(bundle.replace("|", "\n"))
    with open("answer.txt", "w") as f:
        f.write(run(name))
    return "answer.txt"


if __name__ == "__main__":
    os.environ["HOME"] = tempfile.mkdtemp()
    HTTP, HTTPS = "http://127.0.0.1:" + sys.argv[1], "https://127.0.0.1:" + sys.argv[2]
    BUNDLE = sys.argv[3]
    for name in sys.argv[4:] or CASES:
        print(name + "\t" + run(name))
