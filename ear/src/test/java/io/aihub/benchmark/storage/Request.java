package io.aihub.benchmark.storage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The head of an HTTP request.
 *
 * @param path without the query
 * @param headers by their names in lower case
 */
record Request(String method, String path, Map<String, String> headers) {

  /** Reads the next one from a connection; null where the client has closed it. */
  static Request read(BufferedInputStream in) throws IOException {
    String first = line(in);
    if (first == null || first.isEmpty()) {
      return null;
    }
    String[] words = first.split(" ", 3);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int query = words[1].indexOf('?');
    return new Request(words[0], query < 0 ? words[1] : words[1].substring(0, query), headers);
  }

  private static String line(BufferedInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int one = in.read(); one != '\n'; one = in.read()) {
      if (one < 0) {
        return null;
      }
      if (one != '\r') {
        line.append((char) (one & 0xff));
      }
    }
    return line.toString();
  }

  String header(String name) {
    return headers.get(name);
  }

  String header(String name, String otherwise) {
    return headers.getOrDefault(name, otherwise);
  }
}
