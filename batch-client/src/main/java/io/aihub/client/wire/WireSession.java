package io.aihub.client.wire;

import io.aihub.client.wire.NetworkRules.RefusedAddressException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The requests of one script's context: what it holds open. Thread-safe, as a script may have
 * threads.
 */
public final class WireSession implements AutoCloseable {

  private static final int MAX_OPEN = 256;

  /** Origins close idle connections after five seconds and more; what they state goes first. */
  private static final TimeValue KEEP_UNASKED = TimeValue.ofSeconds(30);

  private static final Timeout WAIT_FOR_CONNECTION = Timeout.ofSeconds(30);

  private static final Timeout MOMENT = Timeout.ofMilliseconds(1);

  private final HttpRequestExecutor executor = new HttpRequestExecutor();
  private final AtomicInteger handles = new AtomicInteger();
  private final Map<Integer, Exchange> open = new ConcurrentHashMap<>();
  private final Map<Integer, ConnectionEndpoint> busy = new ConcurrentHashMap<>();
  private final SentLog log;
  private final HostGate gate;
  private final BodyMemory.Claim claim;
  private final Path spools;
  private volatile boolean aborted;

  WireSession(HostGate gate, SentLog log, BodyMemory.Claim claim, Path spools) {
    this.log = log;
    this.gate = gate;
    this.claim = claim;
    this.spools = spools;
  }

  /**
   * Sends a request and waits for the head of its answer, whatever its status.
   *
   * @param pool which certificates to trust
   */
  public Exchange open(WireRequest request, Pool pool) throws WireException {
    if (open.size() >= MAX_OPEN) {
      throw WireException.elsewhere("too many open answers");
    }
    Sent sent = log.begin(request.method(), request.url());
    try {
      requireAllowed(request);
      while (true) {
        Exchange answer = attempt(request, pool, sent);
        if (answer != null) {
          return answer;
        }
      }
    } catch (WireException failure) {
      WireException told = aborted ? WireException.aborted() : failure;
      if (told.trouble() == Trouble.ELSEWHERE) {
        log.forget(sent);
      } else {
        sent.failed(told.trouble(), told.getMessage());
      }
      throw told;
    }
  }

  /** Both where the connection leads and, through a proxy, what is asked for there. */
  private void requireAllowed(WireRequest request) throws WireException {
    if (gate.isOpen()) {
      return;
    }
    try {
      gate.require(request.host());
      gate.require(request.targetHost());
    } catch (RefusedAddressException refused) {
      throw WireException.whileConnecting(refused, false);
    }
  }

  /** One of the open answers; null where it is over. */
  public Exchange exchange(int handle) {
    return open.get(handle);
  }

  /** A line is over: closes the answers that its script left open. */
  public void end() {
    open.values().forEach(Exchange::close);
    claim.release();
  }

  /** Breaks off what is under way, for good: every further request fails. */
  @Override
  public void close() {
    aborted = true;
    busy.values().forEach(connection -> connection.close(CloseMode.IMMEDIATE));
    end();
  }

  /** The memory that this line's bodies take. */
  BodyMemory.Claim claim() {
    return claim;
  }

  /** An empty file that is gone when it is closed, or when the process ends. */
  FileChannel spool() throws IOException {
    Path file = Files.createTempFile(spools, "body", null);
    try {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(file);
    }
  }

  boolean isAborted() {
    return aborted;
  }

  void over(Exchange exchange) {
    open.remove(exchange.handle());
  }

  /** Null where a kept connection was dead and the request is to be sent again. */
  private Exchange attempt(WireRequest request, Pool pool, Sent sent) throws WireException {
    int handle = handles.incrementAndGet();
    ConnectionEndpoint connection = lease(request, pool);
    busy.put(handle, connection);
    boolean kept = connection.isConnected();
    boolean done = false;
    try {
      if (aborted) {
        throw WireException.aborted();
      }
      HttpClientContext context = HttpClientContext.create();
      if (!kept) {
        connect(connection, request, pool, context);
      }
      connection.setSocketTimeout(request.readTimeout());
      ClassicHttpRequest message = message(request);
      ClassicHttpResponse response =
          connection.execute("wire", message, (m, c, x) -> talk(kept, m, c, x), context);
      Header retryAfter = response.getFirstHeader("Retry-After");
      sent.answered(response.getCode(), retryAfter == null ? null : retryAfter.getValue().strip());
      TimeValue keepFor =
          DefaultConnectionReuseStrategy.INSTANCE.keepAlive(message, response, context)
              ? keepFor(response, context)
              : null;
      Exchange exchange = new Exchange(this, handle, sent, pool, connection, response, keepFor);
      done = true;
      if (!exchange.isOver()) {
        open.put(handle, exchange);
        if (aborted) {
          exchange.close();
        }
      }
      return exchange;
    } catch (IOException | HttpException broken) {
      WireException failure = WireException.whileTalking(broken);
      if (kept
          && (broken instanceof UnusableException
              || (isRepeatable(request.method()) && isOfDeadConnection(failure.trouble())))) {
        return null;
      }
      throw failure.trouble() == Trouble.INCOMPLETE
          ? new WireException(
              Trouble.NO_RESPONSE, "Remote end closed connection without response", 0, broken)
          : failure;
    } finally {
      busy.remove(handle);
      if (!done) {
        connection.close(CloseMode.IMMEDIATE);
        pool.connections().release(connection, null, null);
      }
    }
  }

  private ClassicHttpResponse talk(
      boolean kept,
      ClassicHttpRequest message,
      HttpClientConnection connection,
      HttpContext context)
      throws IOException, HttpException {
    if (kept
        && !isRepeatable(message.getMethod())
        && (connection.isStale() || connection.isDataAvailable(MOMENT))) {
      throw new UnusableException();
    }
    return executor.execute(message, connection, context);
  }

  /** Whether a request may be sent again when a connection that was kept turns out to be dead. */
  private static boolean isRepeatable(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  /** What a kept connection can fail of that a new one might not. */
  private static boolean isOfDeadConnection(Trouble trouble) {
    return trouble == Trouble.NO_RESPONSE
        || trouble == Trouble.PROTOCOL // leftovers: some origins send more than they announce
        || trouble == Trouble.RESET
        || trouble == Trouble.INCOMPLETE;
  }

  private static ConnectionEndpoint lease(WireRequest request, Pool pool) throws WireException {
    HttpHost host =
        new HttpHost(request.secure() ? "https" : "http", request.host(), request.port());
    HttpRoute route = new HttpRoute(host, null, request.secure());
    try {
      return pool.connections()
          .lease("wire", route, WAIT_FOR_CONNECTION, null)
          .get(WAIT_FOR_CONNECTION);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw WireException.aborted();
    } catch (ExecutionException | TimeoutException full) {
      throw WireException.elsewhere("no connection to be had");
    }
  }

  private static void connect(
      ConnectionEndpoint connection, WireRequest request, Pool pool, HttpClientContext context)
      throws WireException {
    Timeout limit = request.connectTimeout();
    context.setAttribute(Pool.HANDSHAKE_TIMEOUT, limit.toMillisecondsIntBound());
    try {
      pool.connections().connect(connection, limit, context);
    } catch (IOException failure) {
      throw WireException.whileConnecting(
          failure, context.getAttribute(Pool.HANDSHAKE_BEGUN) != null);
    }
  }

  private static ClassicHttpRequest message(WireRequest request) {
    BasicClassicHttpRequest message =
        new BasicClassicHttpRequest(request.method(), request.target());
    request.headers().forEach(message::addHeader);
    message.setEntity(request.body());
    return message;
  }

  private static TimeValue keepFor(ClassicHttpResponse response, HttpClientContext context) {
    TimeValue stated =
        response.containsHeader("Keep-Alive")
            ? DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context)
            : null;
    return stated == null || stated.compareTo(KEEP_UNASKED) > 0 || stated.getDuration() < 0
        ? KEEP_UNASKED
        : stated;
  }

  /** A kept connection was found dead before anything was sent over it. */
  private static final class UnusableException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
