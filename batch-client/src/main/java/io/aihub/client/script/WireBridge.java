package io.aihub.client.script;

import io.aihub.client.wire.Exchange;
import io.aihub.client.wire.PoolUse;
import io.aihub.client.wire.Trouble;
import io.aihub.client.wire.Wire;
import io.aihub.client.wire.WireException;
import io.aihub.client.wire.WireRequest;
import io.aihub.client.wire.WireSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.Header;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.FileSystem;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * What {@code wire/*.py} call. Every call costs a tenth of a millisecond, so a request is one
 * string and its answer one piece of memory; an error is a string. A script that lays hands on it
 * can do no more with it than with {@code requests}: it holds this context's answers only, and
 * reads files by the script's own rights.
 */
final class WireBridge {

  private static final int SMALL_BODY = 1 << 20;
  private static final int BODY_ROOM = 32 * 1024;
  private static final int READ_ROOM = 256 * 1024;
  private static final String CLOSED = Trouble.ABORTED + "\t0\tthe answer is closed";

  private final Wire wire;
  private final WireSession session;
  private final FileSystem files;
  private final Path netrc;
  private final Path otherNetrc;
  private final Map<String, Bundle> bundles = new ConcurrentHashMap<>();

  /** A file of certificates as it was, and what the wire knows its content by. */
  private record Bundle(Object stamp, String content) {}

  /**
   * Connects a context with the wire.
   *
   * @param files what the script may read
   * @param home where {@code .netrc} would be
   */
  WireBridge(Wire wire, WireSession session, FileSystem files, Path home) {
    this.wire = wire;
    this.session = session;
    this.files = files;
    this.netrc = home.resolve(".netrc");
    this.otherNetrc = home.resolve("_netrc");
  }

  /** {@code get(request)}: as open, unless there is a file of passwords to look into. */
  ProxyExecutable get() {
    return arguments ->
        Files.exists(netrc) || Files.exists(otherNetrc)
            ? text(new WireException(Trouble.ELSEWHERE, "there is a .netrc", 0, null))
            : answer(arguments[0].asString(), null);
  }

  /** {@code open(request, body)}: the head of the answer, and of its body what is there already. */
  ProxyExecutable open() {
    return arguments -> answer(arguments[0].asString(), bytes(arguments[1]));
  }

  /** {@code read(handle, least)}: at least so many bytes of a body; none at its end. */
  ProxyExecutable read() {
    return arguments -> {
      Exchange exchange = session.exchange(arguments[0].asInt());
      if (exchange == null) {
        return CLOSED;
      }
      int least = Math.max(1, Math.min(arguments[1].asInt(), 16 * SMALL_BODY));
      byte[] room = new byte[Math.max(least, READ_ROOM)];
      int length = exchange.read(room, 0, least);
      return told(exchange, ByteBuffer.wrap(room, 0, length).slice());
    };
  }

  /** {@code rest(handle)}: all that is left of a body, in one piece; none at its end. */
  ProxyExecutable rest() {
    return arguments -> {
      Exchange exchange = session.exchange(arguments[0].asInt());
      return exchange == null ? CLOSED : told(exchange, exchange.rest());
    };
  }

  /**
   * {@code room(handle)}: whether there is memory for a body that is read bit by bit and joined.
   */
  ProxyExecutable room() {
    return arguments -> {
      Exchange exchange = session.exchange(arguments[0].asInt());
      return exchange == null || exchange.awaitMemoryToJoin() ? true : text(exchange.failure());
    };
  }

  private static Object told(Exchange exchange, ByteBuffer part) {
    if (part.hasRemaining()) {
      return part;
    }
    exchange.close();
    return exchange.failure() == null ? part : text(exchange.failure());
  }

  /** {@code close(handle)}: gives an answer up. */
  ProxyExecutable close() {
    return arguments -> {
      Exchange exchange = session.exchange(arguments[0].asInt());
      if (exchange != null) {
        exchange.close();
      }
      return true;
    };
  }

  private Object answer(String text, byte[] body) {
    try {
      WireRequest request = WireRequest.parse(text, body);
      try (PoolUse use = pool(request)) {
        return answer(session.open(request, use.pool()), request.whole());
      }
    } catch (WireException failure) {
      return text(failure);
    }
  }

  /**
   * Length of the head in four bytes, the head, the body where it is short and all there. The
   * head's first line: status, version, handle or 0 where the body is complete, flags, microseconds
   * until the head was there, reason. Flags: E for a packed body, S for what the stock code has to
   * decide on.
   */
  private static ByteBuffer answer(Exchange exchange, boolean whole) {
    StringBuilder headers = new StringBuilder();
    StringBuilder flags = new StringBuilder();
    int lengths = 0;
    for (Header header : exchange.headers()) {
      headers.append('\n').append(header.getName()).append(": ");
      headers.append(header.getValue().replace("\r\n", "\r")); // a line feed ends the header
      switch (header.getName().toLowerCase(java.util.Locale.ROOT)) {
        case "content-encoding" -> flags.append('E');
        case "location" -> flags.append('S');
        case "content-length" ->
            flags.append(++lengths == 2 || header.getValue().indexOf(',') >= 0 ? "S" : "");
        default -> {}
      }
    }
    byte[] room = new byte[BODY_ROOM];
    int length = 0;
    while (whole && !exchange.isOver() && length < SMALL_BODY) {
      if (length == room.length) {
        room = Arrays.copyOf(room, 4 * room.length);
      }
      length += exchange.read(room, length, room.length - length);
    }
    boolean complete = exchange.isOver() && exchange.failure() == null;
    if (complete) {
      exchange.close();
    } else {
      exchange.putBack(room, length);
      length = 0;
    }
    String head =
        exchange.status()
            + "\t"
            + exchange.version()
            + "\t"
            + (complete ? 0 : exchange.handle())
            + "\t"
            + flags
            + "\t"
            + exchange.headNanos() / 1000
            + "\t"
            + exchange.reason()
            + headers;
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(4 + start.length + length)
        .putInt(start.length)
        .put(start)
        .put(room, 0, length)
        .flip();
  }

  private PoolUse pool(WireRequest request) throws WireException {
    if (!request.secure() || request.bundle().isEmpty()) {
      return wire.trustingAll();
    }
    try {
      Path path = files.toAbsolutePath(files.parsePath(request.bundle()));
      Map<String, Object> stamp = files.readAttributes(path, "lastModifiedTime,size,fileKey");
      Bundle known = bundles.get(request.bundle());
      PoolUse use =
          known == null || !known.stamp().equals(stamp) ? null : wire.trusting(known.content());
      if (use == null) {
        use = wire.trusting(read(path));
        bundles.put(request.bundle(), new Bundle(stamp, use.bundle()));
      }
      return use;
    } catch (IOException | RuntimeException unusable) {
      throw new WireException(
          Trouble.ELSEWHERE, "a bundle that can't be used: " + unusable, 0, unusable);
    }
  }

  private byte[] read(Path path) throws IOException {
    try (SeekableByteChannel channel =
        files.newByteChannel(path, Set.of(StandardOpenOption.READ))) {
      return Channels.newInputStream(channel).readNBytes(16 * SMALL_BODY);
    }
  }

  private static byte[] bytes(Value value) {
    if (value.isNull()) {
      return null;
    }
    byte[] bytes = new byte[(int) value.getBufferSize()];
    value.readBuffer(0, bytes, 0, bytes.length);
    return bytes;
  }

  private static String text(WireException failure) {
    return failure.trouble() + "\t" + failure.number() + "\t" + failure.getMessage();
  }
}
