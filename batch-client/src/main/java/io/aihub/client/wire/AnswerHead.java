package io.aihub.client.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Reads the head of an answer as {@code http.client} does, which takes Python's parser of mails for
 * it: spaces behind a value stay, and so do the line ends of a value that goes on in the next line;
 * where a line is no header, the headers are over and the rest of them is passed over. For one
 * connection.
 */
final class AnswerHead extends DefaultHttpResponseParser {

  /** As {@code http.client} has it; of a longer line HttpClient says so itself. */
  static final Http1Config LIMITS = Http1Config.custom().setMaxLineLength(65_536).build();

  /** The empty one behind them included. */
  private static final int MAX_LINES = 100;

  private static final Pattern HEADER = Pattern.compile("From |[!-9;-~]*:");

  AnswerHead() {
    super(LIMITS);
  }

  @Override
  public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in)
      throws IOException, HttpException {
    CharArrayBuffer line = new CharArrayBuffer(128);
    if (buffer.readLine(line, in) < 0) {
      return null; // closed, and no answer
    }
    ClassicHttpResponse answer = createMessage(line);
    List<String> lines = new ArrayList<>();
    line.clear();
    while (buffer.readLine(line, in) > 0) {
      if (lines.size() == MAX_LINES - 1) {
        throw new MessageConstraintException("got more than " + MAX_LINES + " headers");
      }
      lines.add(line.toString());
      line.clear();
    }
    answer.setHeaders(headers(lines));
    return answer;
  }

  /** What Python's parser of mails makes of the lines. */
  static Header[] headers(List<String> lines) {
    List<Header> headers = new ArrayList<>();
    String name = null;
    StringBuilder value = new StringBuilder();
    for (String line : lines) {
      for (String part : line.split("\r", -1)) { // it takes a carriage return for a line's end
        if (part.startsWith(" ") || part.startsWith("\t")) {
          value.append("\r\n").append(part);
          continue;
        }
        add(name, value, headers);
        name = null;
        if (!HEADER.matcher(part).lookingAt()) {
          return headers.toArray(Header[]::new);
        }
        int colon = part.startsWith("From ") ? 0 : part.indexOf(':'); // "From " begins a mail
        if (colon > 0) {
          name = part.substring(0, colon);
          value.append(part, colon + 1, part.length());
        }
      }
    }
    add(name, value, headers);
    return headers.toArray(Header[]::new);
  }

  private static void add(String name, StringBuilder value, List<Header> headers) {
    if (name != null) {
      headers.add(new BasicHeader(name, trimmed(value)));
    }
    value.setLength(0);
  }

  /** Without spaces and line ends before it, and line ends behind it. */
  private static String trimmed(CharSequence value) {
    int start = 0;
    int end = value.length();
    while (start < end && " \t\r\n".indexOf(value.charAt(start)) >= 0) {
      start++;
    }
    while (start < end && "\r\n".indexOf(value.charAt(end - 1)) >= 0) {
      end--;
    }
    return value.subSequence(start, end).toString();
  }
}
