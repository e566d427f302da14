package io.aihub.benchmark.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The answers that come in on one connection, one at a time, read without making objects. */
final class Answer {

  private static final byte[] LENGTH = bytes("content-length:");
  private static final byte[] CHUNKED = bytes("transfer-encoding:");

  private byte[] bytes = new byte[16 * 1024];
  private int length; // bytes so far
  private int head; // end of the head, or 0
  private int bodyEnd; // where the length is known: end of the body
  private boolean chunked;
  private int chunk; // chunked: where the next chunk begins
  private boolean cut;
  private int plain; // chunked: end of what has been put together

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads what is there; true where the answer is complete. */
  boolean read(SocketChannel channel) throws IOException {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, length * 2);
    }
    int read = channel.read(ByteBuffer.wrap(bytes, length, bytes.length - length));
    cut = read < 0;
    if (cut) {
      return false;
    }
    length += read;
    return (head > 0 || readHead()) && (chunked ? joinChunks() : length >= bodyEnd);
  }

  private boolean readHead() {
    for (int i = 3; i < length; i++) {
      if (bytes[i] == '\n' && bytes[i - 2] == '\n') {
        head = i + 1;
        break;
      }
    }
    if (head == 0) {
      return false;
    }
    bodyEnd = head;
    for (int i = 0; i < head; i++) {
      if (bytes[i] == '\n') {
        if (startsWith(i + 1, LENGTH)) {
          bodyEnd = head + number(i + 1 + LENGTH.length);
        } else if (startsWith(i + 1, CHUNKED)) {
          chunked = true;
        }
      }
    }
    chunk = head;
    plain = head;
    return true;
  }

  private boolean startsWith(int at, byte[] name) {
    for (int i = 0; i < name.length; i++) {
      if ((bytes[at + i] | 0x20) != (name[i] | 0x20)) {
        return false;
      }
    }
    return true;
  }

  /** Moves the content of every chunk that is there next to the one before. */
  private boolean joinChunks() {
    while (true) {
      int size = 0;
      int at = chunk;
      while (at < length && bytes[at] != '\r') {
        size = size * 16 + Character.digit(bytes[at], 16);
        at++;
      }
      int content = at + 2;
      if (content + size + 2 > length) {
        return false;
      }
      if (size == 0) {
        bodyEnd = plain;
        return true;
      }
      System.arraycopy(bytes, content, bytes, plain, size);
      plain += size;
      chunk = content + size + 2;
    }
  }

  /** Whether the server has closed the connection. */
  boolean isCut() {
    return cut;
  }

  int status() {
    return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
  }

  /** Where {@code name} ends in the body for the first time from {@code from} on, or -1. */
  int after(byte[] name, int from) {
    int last = bodyEnd - name.length;
    outer:
    for (int i = Math.max(from, head); i <= last; i++) {
      if (bytes[i] != name[0]) {
        continue;
      }
      for (int k = 1; k < name.length; k++) {
        if (bytes[i + k] != name[k]) {
          continue outer;
        }
      }
      return i + name.length;
    }
    return -1;
  }

  /** The number that begins at {@code at}, blanks before it passed over. */
  int number(int at) {
    return (int) longNumber(at);
  }

  long longNumber(int at) {
    long number = 0;
    int i = at;
    while (bytes[i] == ' ') {
      i++;
    }
    for (; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      number = number * 10 + bytes[i] - '0';
    }
    return number;
  }

  void copy(int from, byte[] target) {
    System.arraycopy(bytes, from, target, 0, target.length);
  }

  String text() {
    return new String(bytes, 0, Math.min(length, 2_000), StandardCharsets.UTF_8);
  }

  /** Makes room for the next answer. */
  void clear() {
    length = 0;
    head = 0;
    chunked = false;
  }
}
