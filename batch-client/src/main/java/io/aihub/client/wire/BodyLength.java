package io.aihub.client.wire;

import java.util.Iterator;
import java.util.Locale;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpMessage;

/**
 * How long the body of an answer is, as {@code http.client} and urllib3 make it out. HttpClient's
 * own rule refuses answers that these accept: a length that is stated twice, or is no number. Of
 * lengths that differ the first one counts; urllib3 refuses such an answer itself.
 */
final class BodyLength implements ContentLengthStrategy {

  @Override
  public long determineLength(HttpMessage answer) {
    for (Iterator<Header> codings = answer.headerIterator(HttpHeaders.TRANSFER_ENCODING);
        codings.hasNext(); ) {
      for (String coding : codings.next().getValue().split(",", -1)) {
        if (coding.strip().toLowerCase(Locale.ROOT).equals("chunked")) {
          return CHUNKED;
        }
      }
    }
    Header stated = answer.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      long length = stated == null ? UNDEFINED : Long.parseLong(stated.getValue().strip());
      return length < 0 ? UNDEFINED : length;
    } catch (NumberFormatException odd) {
      return UNDEFINED; // until the connection ends
    }
  }
}
