package io.aihub.client.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.client.script.ScriptOutcome.Produced;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Heads of answers, and headers of requests, that hardly anybody sends: the same script, over
 * Java's connections and over Python's own, sees the same of them.
 */
@ExtendWith(SharedWire.class)
class OddHeadersTest {

  private static final String SOURCE =
      """
      import re
      import urllib.parse

      import requests
      import urllib3

      def seen(attempt):
          try:
              return attempt()
          except Exception as e:
              inner = e.args[0] if e.args and isinstance(e.args[0], BaseException) else None
              return [type(e).__name__, type(inner).__name__, str(e)]

      def by_get(url):
          r = requests.get(url, timeout=20)
          again = list(r.raw.headers.items())
          return [r.status_code, dict(r.headers), again, dict(r.cookies), r.encoding, r.text]

      def by_session(url):
          with requests.Session() as s, s.get(url, stream=True, timeout=20) as r:
              return [dict(r.headers), dict(s.cookies), r.content]

      def by_urllib3(url):
          with urllib3.PoolManager() as http:
              r = http.request("GET", url, retries=False, timeout=20)
              lists = [r.headers.getlist(name) for name in sorted(r.headers)]
              return [list(r.headers.items()), lists, r.headers.get("x-a"), r.data]

      def received(origin, answer):
          url = origin + "/raw?" + urllib.parse.quote(answer, safe="", encoding="latin-1")
          return [seen(lambda: way(url)) for way in (by_get, by_session, by_urllib3)]

      def sent(origin):
          twice = urllib3.HTTPHeaderDict([("X-A", "1"), ("x-a", "2"), ("X-B", "")])
          headers = ({"X-A": ""}, {"X-A": "1 "}, {"X-A": "1\\t2"}, {"X-A": "\\xe9"}, {"X-A": b"\\xe9"},
                     {"X-A": "1\\r\\n 2"}, {"X-A": "\\u65e5"}, {"": "1"}, {"X A": "1"}, {"X-A ": "1"},
                     {"(X)": "1"}, {"Content-Length": "0"},
                     {"Connection": "close"}, {"Transfer-Encoding": "identity"}, {"TE": "trailers"})
          with urllib3.PoolManager() as http:
              one = lambda way, h: seen(lambda: way(h))
              ways = (
                  lambda h: requests.get(origin + "/echo", headers=h, timeout=20).text,
                  lambda h: http.request("GET", origin + "/echo", headers=h, retries=False, timeout=20).data,
              )
              return [one(way, h) for h in headers for way in ways] + [one(ways[1], twice)]

      def download(line, output_local_dir):
          origin, _, answer = line.partition(" ")
          what = received(origin, answer.replace("~", "\\r\\n").replace("^", "\\r")) if answer else sent(origin)
          text = re.sub(r" object at 0x[0-9a-f]+", "", ascii(what))
          with open("seen", "w") as file:
              file.write(text.replace("], [", "],\\n["))
          return "seen"
      """;

  /** Lines end with ~; a ^ is a carriage return alone. */
  static Stream<String> heads() {
    return Stream.of(
            "X-A: 1~ 2~\tthree~X-B: 4",
            "X-A:~ 2~X-B: 4",
            " folded~X-A: 1",
            "X-A: 1 \t ~X-B:2",
            "X-A:\t1~X-B:   2",
            "X-A:~X-B: ~X-C:\t",
            "X-A: \u00e9\u00ff~X-B: \u00c3\u00a9",
            "X-A: \u0001\u007f\u000b\u0085~X-B: 2",
            "X-A: 1~x-a: 2~X-A: 1~X-B: 3",
            "X-A: 1, 2~X-A: ~X-A: 3",
            "Set-Cookie: a=1; Path=/~Set-Cookie: b=2~ ; Path=/~set-cookie: c=3 ",
            "X-A: 1~no header at all~X-B: 2",
            "X-A : 1~X-B: 2",
            "X A: 1~X-B: 2",
            ": 1~X-B: 2",
            "\u00e9: 1~X-B: 2",
            "(X-A): 1~\"X\": 2~X-B: 3",
            "From me~X-A: 1",
            "X-A: 1^X-B: 2~X-C: 3",
            "X-A: 1^~X-B: 2",
            "X-A: a:b: c",
            "Content-Type: text/plain;~ charset=latin-1~X-A: \u00e9",
            "content-encoding: ~X-A: 1",
            "Connection: close ~X-A: 1",
            "X-A: " + "x".repeat(60_000),
            "X-A: " + "x".repeat(70_000))
        .map(headers -> "HTTP/1.1 200 OK~Content-Length: 8~" + headers + "~~the file");
  }

  static Stream<String> wholeAnswers() {
    return Stream.of(
        "HTTP/1.1 200 OK~~to the end",
        "HTTP/1.1 200 OK~Content-Length: 8 ~~the file",
        "HTTP/1.1 200 OK~Content-Length:~ 8~~the file",
        "HTTP/1.1 200 OK~no header~Content-Length: 3~~to the end",
        "HTTP/1.1 200 OK~Transfer-Encoding:~ chunked~~8~the file~0~~",
        "HTTP/1.1 200 OK~X-A: 1",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200  Fine ~Content-Length: 8~~the file",
        "HTTP/1.1 200 caf\u00e9~Content-Length: 8~~the file",
        "HTTP/1.1 200 OK~" + "X-A: 1~".repeat(99) + "~to the end",
        "HTTP/1.1 200 OK~" + "X-A: 1~".repeat(100) + "~to the end",
        "~HTTP/1.1 200 OK~Content-Length: 8~~the file");
  }

  @ParameterizedTest
  @MethodSource({"heads", "wholeAnswers"})
  void anAnswerLooksTheSameOverBoth(String answer, WireBed bed) throws Exception {
    assertSameSeen(bed, " " + answer);
  }

  @Test
  void aRequestIsTheSameOverBoth(WireBed bed) throws Exception {
    assertSameSeen(bed, "");
  }

  private static void assertSameSeen(WireBed bed, String what) throws IOException {
    String line = bed.url("") + what;

    assertThat(seen(bed.overJava(), line)).isEqualTo(seen(bed.overPython(), line));
  }

  private static String seen(WireBed.Worker worker, String line) throws IOException {
    ScriptOutcome outcome = worker.call(SOURCE, line);
    assertThat(outcome).isInstanceOf(Produced.class);
    return Files.readString(((Produced) outcome).file(), StandardCharsets.UTF_8);
  }
}
