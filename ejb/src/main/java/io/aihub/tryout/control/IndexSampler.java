package io.aihub.tryout.control;

import io.aihub.shared.InvalidException;
import io.aihub.storage.control.ObjectAccessException;
import io.aihub.storage.control.ObjectStore;
import io.aihub.storage.control.StoredObject;
import io.aihub.task.api.IndexCharset;
import io.aihub.tryout.api.SampleLine;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads the first lines of an index, and guesses by them how many there are. */
@Dependent
public class IndexSampler {

  private static final String FIELD = "indexAddress";
  private static final int READ_BYTES = 1 << 20;
  private static final int MOST_TEXT_BYTES = 16 << 20;
  private static final int LONGEST_LINE_BYTES = 64 * 1024;

  @Inject private ObjectStore store;

  /**
   * The beginning of an index.
   *
   * @param estimatedLines of the whole; exact where the beginning is all of it, null where nothing
   *     can be said
   */
  public record Sample(List<SampleLine> lines, Long estimatedLines) {}

  /** The text that could be read, and which part of the object it came from. */
  private static final class Beginning {

    private final byte[] text;
    private final boolean whole;
    private final double share;

    Beginning(byte[] text, boolean whole, double share) {
      this.text = text;
      this.whole = whole;
      this.share = share;
    }
  }

  /**
   * Reads up to {@code wanted} lines that a script would get: blank and unreadable ones are passed
   * over. Looks into storage.
   *
   * @throws InvalidException the index is missing, refused, damaged, or has no such line
   */
  public Sample read(String address, IndexCharset charset, int wanted) {
    int slash = address.indexOf('/', "s3://".length());
    String bucket = address.substring("s3://".length(), slash);
    String key = address.substring(slash + 1);
    try {
      StoredObject index =
          store.head(bucket, key).orElseThrow(() -> new InvalidException(FIELD, "index.missing"));
      if (index.size() == 0) {
        throw new InvalidException(FIELD, "index.empty");
      }
      byte[] bytes = store.read(bucket, key, 0, READ_BYTES, index.etag());
      return sample(begin(bytes, index.size()), charset, wanted);
    } catch (ObjectAccessException refused) {
      boolean missing = refused.problem() == ObjectAccessException.Problem.MISSING;
      throw new InvalidException(FIELD, missing ? "index.missing" : "index.refused");
    }
  }

  private static Beginning begin(byte[] bytes, long size) {
    boolean all = bytes.length >= size;
    boolean packed = bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    if (!packed) {
      return new Beginning(bytes, all, (double) bytes.length / size);
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    boolean whole = false;
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] buffer = new byte[64 * 1024];
      int read = 0;
      while (text.size() < MOST_TEXT_BYTES && (read = in.read(buffer)) >= 0) {
        text.write(buffer, 0, read);
      }
      whole = all && read < 0;
    } catch (EOFException cut) {
      if (all) {
        throw new InvalidException(FIELD, "index.corrupt");
      }
    } catch (IOException damaged) {
      throw new InvalidException(FIELD, "index.corrupt");
    }
    boolean bomb = text.size() >= MOST_TEXT_BYTES;
    return new Beginning(text.toByteArray(), whole, bomb ? 0 : (double) bytes.length / size);
  }

  private static Sample sample(Beginning beginning, IndexCharset charset, int wanted) {
    byte[] text = beginning.text;
    List<SampleLine> lines = new ArrayList<>();
    long count = 0;
    int from = bomLength(text, charset);
    while (from < text.length) {
      int end = from;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      if (end == text.length && !beginning.whole) {
        break; // the rest of this line was not read
      }
      count++;
      if (lines.size() < wanted) {
        String line = decode(text, from, end, charset.charset());
        if (line != null) {
          lines.add(new SampleLine(count, line));
        }
      }
      from = end + 1;
    }
    if (lines.isEmpty()) {
      throw new InvalidException(FIELD, "tryout.lines.none");
    }
    if (beginning.whole) {
      return new Sample(lines, count);
    }
    double share = beginning.share * from / text.length;
    return new Sample(lines, share > 0 ? Math.round(count / share) : null);
  }

  private static int bomLength(byte[] text, IndexCharset charset) {
    byte[] bom = "\uFEFF".getBytes(charset.charset());
    boolean there =
        text.length >= bom.length && Arrays.equals(text, 0, bom.length, bom, 0, bom.length);
    return there ? bom.length : 0;
  }

  /** Null where a script would not get to see the line. */
  private static String decode(byte[] text, int from, int end, Charset charset) {
    int to = end > from && text[end - 1] == '\r' ? end - 1 : end;
    if (to - from > LONGEST_LINE_BYTES) {
      return null;
    }
    try {
      String line = charset.newDecoder().decode(ByteBuffer.wrap(text, from, to - from)).toString();
      return line.isBlank() ? null : line;
    } catch (CharacterCodingException notText) {
      return null;
    }
  }
}
