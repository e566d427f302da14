package io.aihub.benchmark.storage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of S3 as the server needs for a benchmark, without a disk: an object {@code
 * /BUCKET/N.txt} is an index of N lines of 100 bytes, made up while it is read; what is put is
 * counted and thrown away; any other object is missing. Signatures are not looked at.
 */
public final class SyntheticStorage implements AutoCloseable {

  /** Bytes of a line, its line feed included. */
  public static final int LINE_BYTES = SyntheticIndex.LINE_BYTES;

  private static final Pattern INDEX = Pattern.compile("/[^/]+/(\\d+)\\.txt");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
  private static final int BLOCK = 2_000 * LINE_BYTES;

  private final ServerSocket server;
  private final List<Socket> open = Collections.synchronizedList(new ArrayList<>());
  private final ConcurrentMap<String, Long> puts = new ConcurrentHashMap<>();
  private final AtomicLong reads = new AtomicLong();

  public SyntheticStorage() throws IOException {
    server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    daemon("storage", this::accept);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** The address of an index of so many lines, as a task names it. */
  public static String index(String bucket, long lines) {
    return "s3://" + bucket + "/" + lines + ".txt";
  }

  /** The bytes of an index of so many lines, for whom it is no file. */
  public static InputStream lines(long count) {
    return new InputStream() {
      private long position;

      @Override
      public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        int part = (int) Math.min(length, count * LINE_BYTES - position);
        if (part <= 0) {
          return -1;
        }
        byte[] read = new byte[part];
        SyntheticIndex.read(position, read, part);
        System.arraycopy(read, 0, bytes, offset, part);
        position += part;
        return part;
      }
    };
  }

  /** How many objects were put, each key counted once. */
  public int objectsPut() {
    return puts.size();
  }

  /** Reads of an index so far, each range one. */
  public long reads() {
    return reads.get();
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        daemon("storage-connection", () -> serve(socket));
      }
    } catch (IOException closed) {
      // the end
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      byte[] block = new byte[BLOCK];
      for (Request request = Request.read(in); request != null; request = Request.read(in)) {
        answer(request, in, out, block);
      }
    } catch (IOException gone) {
      // the client has hung up, as it does after part of an object
    } finally {
      open.remove(socket);
    }
  }

  private void answer(Request request, BufferedInputStream in, OutputStream out, byte[] block)
      throws IOException {
    Matcher index = INDEX.matcher(request.path());
    switch (request.method()) {
      case "PUT", "POST" -> {
        if (request.header("expect") != null) {
          send(out, "HTTP/1.1 100 Continue\r\n\r\n");
        }
        long length = Long.parseLong(request.header("content-length", "0"));
        in.skipNBytes(length);
        puts.put(request.path(), length);
        send(out, "HTTP/1.1 200 OK\r\nETag: \"put\"\r\nContent-Length: 0\r\n\r\n");
      }
      case "DELETE" -> send(out, "HTTP/1.1 204 No Content\r\n\r\n");
      default -> {
        if (index.matches()) {
          index(request, Long.parseLong(index.group(1)), out, block);
        } else if (request.path().indexOf('/', 1) < 0) {
          send(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); // a bucket
        } else {
          refuse(request, "404 Not Found", "NoSuchKey", out);
        }
      }
    }
  }

  private void index(Request request, long lines, OutputStream out, byte[] block)
      throws IOException {
    String etag = "\"" + lines + "\"";
    long size = lines * LINE_BYTES;
    if (!request.header("if-match", etag).equals(etag)) {
      refuse(request, "412 Precondition Failed", "PreconditionFailed", out);
      return;
    }
    long from = 0;
    long to = size - 1;
    Matcher range = RANGE.matcher(request.header("range", ""));
    boolean part = range.matches();
    if (part) {
      from = Long.parseLong(range.group(1));
      to = range.group(2).isEmpty() ? to : Math.min(to, Long.parseLong(range.group(2)));
      if (from > to) {
        refuse(request, "416 Range Not Satisfiable", "InvalidRange", out);
        return;
      }
    }
    send(
        out,
        (part ? "HTTP/1.1 206 Partial Content\r\n" : "HTTP/1.1 200 OK\r\n")
            + (part ? "Content-Range: bytes " + from + "-" + to + "/" + size + "\r\n" : "")
            + "Content-Length: "
            + (to - from + 1)
            + "\r\nETag: "
            + etag
            + "\r\nContent-Type: text/plain\r\nAccept-Ranges: bytes\r\n\r\n");
    if (request.method().equals("GET")) {
      reads.incrementAndGet();
      for (long at = from; at <= to; ) {
        // up to the end of a line, so that the next block begins with one
        long end = Math.min(to + 1, (at / LINE_BYTES + BLOCK / LINE_BYTES) * LINE_BYTES);
        int length = (int) (end - at);
        SyntheticIndex.read(at, block, length);
        out.write(block, 0, length);
        at = end;
      }
    }
  }

  private static void refuse(Request request, String status, String code, OutputStream out)
      throws IOException {
    String body =
        request.method().equals("HEAD")
            ? ""
            : "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
    send(
        out,
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: application/xml\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (open) {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }
}
