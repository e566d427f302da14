package io.aihub.script.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptReviewTest {

  private static final String DOWNLOAD = "def download(line, out): return None\n";

  /** Each as {@code code line:column}, warnings with a question mark behind. */
  private static List<String> review(String source) {
    return ScriptReview.of(source, BroughtModules.NONE).stream()
        .map(
            finding ->
                finding.reason().code().substring("script.".length())
                    + (finding.at() == null
                        ? ""
                        : " " + finding.at().line() + ":" + finding.at().column())
                    + (finding.error() ? "" : "?"))
        .toList();
  }

  @Test
  void theSamplesHaveNothingToMend() throws IOException {
    try (Stream<Path> samples = Files.list(Path.of("../src-docs/samples"))) {
      List<Path> scripts = samples.filter(path -> path.toString().endsWith(".py")).toList();
      assertThat(scripts).hasSizeGreaterThan(1);
      for (Path script : scripts) {
        assertThat(review(Files.readString(script))).as(script.toString()).isEmpty();
      }
    }
  }

  @Test
  void modernPythonIsPython() {
    assertThat(
            review(
                """
                "What it is for"
                from __future__ import annotations
                from __future__ import division, generators
                import asyncio, tomllib
                from dataclasses import dataclass
                type Pair[T] = tuple[T, T]
                @dataclass
                class 文件[T]:
                    名: str = "\\N{BULLET}"
                async def fetch(url: str) -> bytes | None:
                    async with open_it(url) as a, other() as b:
                        return [await x async for x in a if (n := len(x)) > 1]
                def download(line: str, output_local_dir, /, *, quick=True) -> str | None:
                    match line.split('|'):
                        case [url, name] if url: pass
                        case {"a": 1, **rest}: pass
                        case _: return None
                    try:
                        with (open(f"{line!r:{'>'}{10}} {f'{"deep"}'}") as f, open('b') as g): pass
                    except* OSError as group:
                        print(f"{group=}")
                    return asyncio.run(fetch(url))
                """))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          def download(line, out:              | 1:13 | '(' was never closed
          print 'x'                            | 1:1  | Missing parentheses in call to 'print'. Did you mean print(...)?
          x = 1\\n  y = 2                      | 2:3  | unexpected indent
          x = 1\\nif x:\\n  f(a,\\n  b)\\n\\n# c\\n    y = 2 | 7:5 | unexpected indent
          \\tx = 1                            | 1:2  | unexpected indent
          def f():\\n\\tif 1:\\n        x      | 3:1  | inconsistent use of tabs and spaces in indentation
          if x = 1: pass                       | 1:4  | invalid syntax. Maybe you meant '==' or ':=' instead of '='?
          x = 'abc                             | 1:5  | unterminated string literal (detected at line 1)
          def f(a, a): pass                    | 1:10 | duplicate argument 'a' in function definition
          nonlocal x                           | 1:1  | nonlocal declaration not allowed at module level
          return 1                             | 1:1  | 'return' outside function
          for x in y:\\n  def f():\\n    break | 3:5  | 'break' outside loop
          def f():\\n  x = [await y]           | 2:8  | 'await' outside async function
          class A:\\n  yield 1                 | 2:3  | 'yield' outside function
          import os\\nfrom __future__ import annotations | 2:1 | from __future__ imports must occur at the beginning of the file
          def f():\\n  from __future__ import division | 2:3 | from __future__ imports must occur at the beginning of the file
          from __future__ import braces        | 1:1  | not a chance
          from __future__ import annotation    | 1:1  | future feature annotation is not defined
          [i := 1 for i in x]                  | 1:2  | assignment expression cannot rebind comprehension iteration variable
          """)
  void whatIsNoPythonIsToldInItsOwnWords(String source, String at, String words) {
    String text = source.translateEscapes();
    Finding finding = ScriptReview.of(text, BroughtModules.NONE).get(0);
    assertThat(finding.error()).isTrue();
    assertThat(finding.reason().code()).isEqualTo("script.syntax");
    assertThat(finding.at().line() + ":" + finding.at().column() + " " + words)
        .isEqualTo(at + " " + finding.reason().arguments().get(2));
    assertThat(finding.reason().message(Locale.CHINESE)).startsWith("第 ").endsWith(words);
  }

  @Test
  void absurdNestingIsRefusedAndHarmsNothing() {
    assertThat(review("x = " + "-".repeat(200_000) + "1\n")).containsExactly("syntax 1:1");
    // Python's own limit is at 200; Java's stack may end before, which hangs on what is compiled
    assertThat(review("x = " + "(".repeat(300)))
        .hasSize(1)
        .isSubsetOf("syntax 1:205", "syntax 1:1");
    for (int depth = 100; depth < 200_000; depth *= 2) {
      assertThat(review(DOWNLOAD + "x = y" + ".z".repeat(depth)))
          .as("depth " + depth)
          .isSubsetOf("syntax 1:1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "def download(line, out): pass",
        "def download(*args): pass",
        "def download(line, out, retries=3, **more): pass",
        "def download(line, *rest): pass",
        "download = lambda line, out: None",
        "import functools\n@functools.cache\ndef download(): pass",
        "def fetch(a, b): pass\ndownload = fetch",
        "class download:\n  def __new__(cls, line, out): return None",
        "from requests import get as download",
        "if True:\n  def download(a, b): pass",
        "try:\n  def download(a): pass\nfinally:\n  def download(a, b): pass",
      })
  void aFunctionThatTakesTwoArgumentsIsFound(String source) {
    assertThat(review(source)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          x = 1                                                              | download.missing
          class A:\\n  def download(self, line): pass                        | download.nested 2:3
          def make():\\n  def download(a, b): pass                           | download.nested 2:3
          if __name__ == '__main__':\\n  def download(a, b): pass            | download.nested 2:3
          x=1\\ndef download(line): pass                                     | download.arguments 2:1
          def download(a, b, c): pass                                        | download.arguments 1:1
          def download(a, b, c, *d): pass                                    | download.arguments 1:1
          def download(a, b, *, c): pass                                     | download.keywords 1:1
          download = lambda line: None                                       | download.arguments 1:1
          download = 'later'                                                 | download.value 1:1
          async def download(a, b): pass                                     | download.async 1:1
          def download(a, b): pass\\ndef download(a): pass                   | download.arguments 2:1
          """)
  void aFunctionThatClientsCannotCallIsRefused(String source, String finding) {
    assertThat(review(source.translateEscapes())).containsExactly(finding);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          import os, lxml                                                          | import.missing 1:12
          from bs4.element import Tag                                              | import.missing 1:1
          import sqlite3                                                           | import.broken 1:8
          from . import x                                                          | import.relative 1:1
          def f():\\n  from ..a import b                                           | import.relative 2:3
          from pandas import DataFrame                                             | import.missing 1:1
          class A:\\n  import lxml                                                 | import.missing 2:10
          try:\\n  import lxml\\nexcept ValueError: pass                           | import.missing 2:10
          try:\\n  import lxml\\nexcept (ImportError, OSError): pass               | import.uncertain 2:10?
          try:\\n  import json\\nexcept ImportError:\\n  import simplejson as json | import.uncertain 4:10?
          def f():\\n  import lxml                                                 | import.uncertain 2:10?
          import sys\\nif sys.version_info < (3, 8):\\n  import tomli              | import.uncertain 3:10?
          from contextlib import suppress\\nwith suppress(ImportError):\\n  import lxml | import.uncertain 3:10?
          import pandas as pd\\ndef f(): return pd.DataFrame()                     | import.standin 1:8?
          """)
  void anImportThatClientsCannotSatisfyIsNamed(String source, String finding) {
    assertThat(review(DOWNLOAD.replace("\n", ";\n") + source.translateEscapes()))
        .containsExactly(shifted(finding));
  }

  /** The line after the one that every source begins with. */
  private static String shifted(String finding) {
    int space = finding.indexOf(' ');
    int colon = finding.indexOf(':');
    int line = Integer.parseInt(finding.substring(space + 1, colon)) + 1;
    return finding.substring(0, space + 1) + line + finding.substring(colon);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import os.path, urllib.request, concurrent.futures\nfrom requests.adapters import HTTPAdapter",
        "import pandas as pd, numpy",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import lxml",
        "if __name__ == '__main__':\n  from mine import test\n  test()",
        "from urllib3.util import Retry\nimport certifi, idna, fake_useragent, tzdata",
      })
  void anImportThatClientsSatisfyOrNeverReachIsFine(String source) {
    assertThat(review(DOWNLOAD + source)).isEmpty();
  }

  @Test
  void errorsComeBeforeWarningsAndAreAllNamed() {
    assertThat(review("def f():\n  import lxml\nimport yt_dlp\nimport PIL\n"))
        .containsExactly(
            "import.missing 3:8",
            "import.missing 4:8",
            "download.missing",
            "import.uncertain 2:10?");
  }
}
