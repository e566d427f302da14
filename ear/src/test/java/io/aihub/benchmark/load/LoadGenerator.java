package io.aihub.benchmark.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that plays a fleet of workers from one thread, so that it costs little beside what it
 * measures. Reads orders from its standard input and ends with it:
 *
 * <ul>
 *   <li>{@code worker GROUP TOKEN}: adds a worker
 *   <li>{@code run GROUP SECONDS LINES CAPACITY PAUSE_MS OBJECTS SHA256 ENDS_IDLE}: lets the
 *       workers of groups whose names begin so ({@code all} for every one) go for a time, or until
 *       so many lines are settled where LINES is not 0, or until there are none; then has them
 *       settle what they hold; answers with a line of figures
 * </ul>
 */
public final class LoadGenerator {

  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(50); // after an empty poll

  private static final long DRAIN_LIMIT = TimeUnit.SECONDS.toNanos(60);

  private final InetSocketAddress server;
  private final Selector selector;
  private final List<Worker> workers = new ArrayList<>();
  private Order order;
  private Tally tally;
  private long end;

  private record Order(
      String group,
      long millis,
      long lines,
      int capacity,
      long pauseMillis,
      int objects,
      String sha256,
      boolean endsIdle) {

    static Order parse(String[] words) {
      return new Order(
          words[1],
          Long.parseLong(words[2]) * 1000,
          Long.parseLong(words[3]),
          Integer.parseInt(words[4]),
          Long.parseLong(words[5]),
          Integer.parseInt(words[6]),
          words[7].equals("-") ? null : words[7],
          Boolean.parseBoolean(words[8]));
    }
  }

  private LoadGenerator(int port) throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.selector = Selector.open();
  }

  public static void main(String[] arguments) throws IOException {
    LoadGenerator generator = new LoadGenerator(Integer.parseInt(arguments[0]));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("worker")) {
        generator.add(words[1], words[2]);
      } else {
        System.out.println(generator.run(Order.parse(words)));
      }
    }
  }

  private void add(String group, String token) {
    workers.add(new Worker(group, token, "w" + workers.size(), server, selector));
  }

  private String run(Order given) throws IOException {
    order = given;
    tally = new Tally();
    long start = System.nanoTime();
    end = start + TimeUnit.MILLISECONDS.toNanos(order.millis());
    long pause = TimeUnit.MILLISECONDS.toNanos(order.pauseMillis());
    List<Worker> mine =
        workers.stream()
            .filter(
                worker -> order.group().equals("all") || worker.group().startsWith(order.group()))
            .toList();
    for (int i = 0; i < mine.size(); i++) {
      mine.get(i).begin();
      mine.get(i).dueAt(start + pause * i / mine.size()); // spread
    }
    drive(mine, pause);
    String words = tally.words((System.nanoTime() - start) / 1e9);
    drain(mine);
    if (!tally.firstError().isEmpty()) {
      System.err.println(tally.firstError());
    }
    return words;
  }

  private void drive(List<Worker> mine, long pause) throws IOException {
    for (long now = System.nanoTime(); now < end && goesOn(mine); now = System.nanoTime()) {
      long next = end;
      for (Worker worker : mine) {
        if (worker.isWaiting()) {
          continue;
        }
        if (worker.due() <= now) {
          worker.proceed(order.capacity(), order.sha256(), order.objects());
        } else {
          next = Math.min(next, worker.due());
        }
      }
      receive(next - now, pause);
    }
  }

  private boolean goesOn(List<Worker> mine) {
    boolean enough = order.lines() > 0 && tally.lines() >= order.lines();
    return !enough && !(order.endsIdle() && mine.stream().allMatch(Worker::foundNothing));
  }

  /** Ends every lease. */
  private void drain(List<Worker> mine) throws IOException {
    long limit = System.nanoTime() + DRAIN_LIMIT;
    boolean busy = true;
    while (busy) {
      busy = false;
      for (Worker worker : mine) {
        if (!worker.isWaiting()) {
          worker.proceed(0, order.sha256(), order.objects());
        }
        busy |= worker.isWaiting();
      }
      if (busy) {
        receive(PATIENCE, 0);
      }
      if (System.nanoTime() > limit) {
        throw new IOException("The server doesn't answer any more");
      }
    }
  }

  private void receive(long nanos, long pause) throws IOException {
    selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    for (SelectionKey key : selector.selectedKeys()) {
      Worker worker = (Worker) key.attachment();
      if (worker.ready(tally)) {
        long rest = worker.holdsLines() ? pause : Math.max(pause, PATIENCE);
        worker.dueAt(System.nanoTime() + rest);
      }
    }
    selector.selectedKeys().clear();
  }
}
