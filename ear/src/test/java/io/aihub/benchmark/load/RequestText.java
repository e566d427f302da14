package io.aihub.benchmark.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The requests of one worker, put together in one buffer from pieces made before. */
final class RequestText {

  private static final int SIZE = 20_000;
  private static final byte[] HEX = bytes("0123456789abcdef");
  private static final byte[] LINE = bytes("{\"line\":");
  private static final byte[] PATH = bytes(",\"outcome\":\"SUCCEEDED\",\"path\":\"f/");
  private static final byte[] REST = bytes("\",\"size\":" + SIZE + ",\"sha256\":\"");

  private final byte[] tail;
  private final byte[] leaseBody;
  private byte[] body = new byte[32 * 1024];
  private int length;
  private ByteBuffer request = ByteBuffer.allocate(body.length + 1024);

  /**
   * @param worker name of the worker
   */
  RequestText(String token, String worker) {
    tail =
        bytes(
            " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + token
                + "\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
                + "Content-Length: ");
    leaseBody = bytes(",\"worker\":\"" + worker + "\"}");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  ByteBuffer lease(int capacity) {
    length = 0;
    add(bytes("{\"capacity\":"));
    add(capacity);
    add(leaseBody);
    return finish(bytes("POST /aihub/api/leases"));
  }

  /**
   * Reports success for every line.
   *
   * @param report number that tells this report from all others of the process
   * @param sha256 of the files; where null, another one for each line
   * @param objects where not 0: so many different paths and no more
   */
  ByteBuffer settle(
      byte[] leaseId,
      long sequence,
      long report,
      long[] lines,
      int count,
      int nextCapacity,
      String sha256,
      int objects) {
    length = 0;
    add(bytes("{\"sequence\":"));
    add(sequence);
    add(bytes(",\"report\":\"00000000-0000-4000-8000-"));
    hex(report, 12);
    add(bytes("\",\"nextCapacity\":"));
    add(nextCapacity);
    add(bytes(",\"results\":["));
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        add(',');
      }
      add(LINE);
      add(lines[i]);
      add(PATH);
      add(objects == 0 ? lines[i] : lines[i] % objects);
      add(REST);
      if (sha256 == null) {
        for (int part = 0; part < 4; part++) {
          hex(mix(lines[i] * 4 + part), 16);
        }
      } else {
        add(bytes(sha256));
      }
      add('"');
      add('}');
    }
    add(']');
    add('}');
    byte[] path = new byte[23 + leaseId.length + 7];
    System.arraycopy(bytes("POST /aihub/api/leases/"), 0, path, 0, 23);
    System.arraycopy(leaseId, 0, path, 23, leaseId.length);
    System.arraycopy(bytes("/settle"), 0, path, 23 + leaseId.length, 7);
    return finish(path);
  }

  private static long mix(long number) { // the finishing steps of SplitMix64
    long z = number * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private ByteBuffer finish(byte[] methodAndPath) {
    if (request.capacity() < length + 1024) {
      request = ByteBuffer.allocate(body.length + 1024);
    }
    request.clear();
    request.put(methodAndPath).put(tail);
    request.put(bytes(Integer.toString(length))).put(bytes("\r\n\r\n"));
    request.put(body, 0, length);
    return request.flip();
  }

  private void add(byte[] piece) {
    ensure(piece.length);
    System.arraycopy(piece, 0, body, length, piece.length);
    length += piece.length;
  }

  private void add(char one) {
    ensure(1);
    body[length++] = (byte) one;
  }

  private void add(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    ensure(digits);
    long rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      body[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  private void hex(long number, int digits) {
    ensure(digits);
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      body[length++] = HEX[(int) (number >>> shift) & 15];
    }
  }

  private void ensure(int more) {
    if (length + more > body.length) {
      body = java.util.Arrays.copyOf(body, body.length * 2);
    }
  }
}
