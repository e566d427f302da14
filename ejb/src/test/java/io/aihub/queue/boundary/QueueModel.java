package io.aihub.queue.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.LeaseGrant;
import io.aihub.queue.api.LeasedLine;
import io.aihub.queue.api.RetryRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import io.aihub.queue.boundary.QueueStep.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** What must be true of the lines of one task: the queue in memory, without any of its means. */
final class QueueModel {

  static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration STUCK = Duration.ofMinutes(11);
  private static final int MAX_ATTEMPTS = 3;
  private static final int MAX_LOSSES = 3;

  enum State {
    FRESH, // never handed out, or given back
    LEASED,
    WAITING,
    SUCCEEDED,
    FAILED
  }

  static final class Line {

    final long number;
    State state = State.FRESH;
    FailureClass failureClass;
    Instant failedAt;
    private int attempts;
    private int losses;
    private int earlier;

    Line(long number) {
      this.number = number;
    }

    private void fail(FailureClass why, Instant now) {
      state = State.FAILED;
      failureClass = why;
      failedAt = now;
    }
  }

  static final class Held {

    final UUID id;
    final int machine;
    long sequence;
    List<Long> lines = List.of();
    List<Long> granted = List.of(); // with those that went to others meanwhile
    boolean retry;
    boolean ended;
    Instant expiresAt;
    private Instant grantedAt;
    private int progress;
    private Instant progressAt;
    SettleRequest lastReport;
    SettleAnswer lastAnswer;

    private Held(UUID id, int machine) {
      this.id = id;
      this.machine = machine;
    }

    boolean isHeldAt(Instant now) {
      return !ended && now.isBefore(expiresAt);
    }
  }

  private record Retry(List<FailureClass> classes, List<Long> lines, Instant askedAt) {

    boolean takes(Line line) {
      return line.state == State.FAILED
          && (classes.isEmpty() || classes.contains(line.failureClass))
          && (lines.isEmpty() || lines.contains(line.number));
    }
  }

  final Map<Long, Line> lines = new TreeMap<>();
  final List<Held> leases = new ArrayList<>();
  String taskState = "IN_PROGRESS";
  private final List<Retry> asked = new ArrayList<>();

  /**
   * @param numbers of the lines that can be downloaded
   */
  QueueModel(List<Long> numbers) {
    numbers.forEach(number -> lines.put(number, new Line(number)));
  }

  long count(State state) {
    return lines.values().stream().filter(line -> line.state == state).count();
  }

  /** Lines went out: each of them must have been free, and for one reason. */
  Held granted(int machine, LeaseGrant grant, int capacity, Instant now) {
    assertThat(taskState).isEqualTo("IN_PROGRESS");
    assertThat(grant.lines()).isNotEmpty().hasSizeLessThanOrEqualTo(capacity);
    Held held =
        leases.stream()
            .filter(known -> known.id.equals(grant.leaseId()))
            .findFirst()
            .orElseGet(
                () -> {
                  leases.add(new Held(grant.leaseId(), machine));
                  return leases.get(leases.size() - 1);
                });
    assertThat(grant.sequence()).isEqualTo(held.sequence + 1);
    held.sequence = grant.sequence();
    List<Long> numbers = grant.lines().stream().map(LeasedLine::line).toList();
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
    Optional<Held> divided =
        leases.stream().filter(other -> !Collections.disjoint(other.lines, numbers)).findFirst();
    divided.ifPresent(slow -> withdraw(slow, numbers, now));
    held.lines = numbers;
    held.granted = numbers;
    State before = lines.get(numbers.get(0)).state;
    held.retry = divided.isPresent() ? divided.get().retry : before == State.WAITING;
    for (LeasedLine leased : grant.lines()) {
      Line line = lines.get(leased.line());
      assertThat(line.state).as("line %s", line.number).isIn(State.FRESH, State.WAITING);
      assertThat(line.state).as("line %s", line.number).isEqualTo(before);
      assertThat(leased.attempt())
          .as("attempt at line %s", line.number)
          .isEqualTo(line.attempts + line.losses + line.earlier + 1);
      line.state = State.LEASED;
    }
    held.ended = false;
    held.expiresAt = now.plus(LEASE);
    held.grantedAt = now;
    held.progress = 0;
    held.progressAt = now;
    return held;
  }

  /** The later lines of a slow lease went to an idle worker; its first one never does. */
  private void withdraw(Held slow, List<Long> numbers, Instant now) {
    assertThat(slow.isHeldAt(now)).as("only a lease that is held is divided").isTrue();
    assertThat(slow.lines).containsAll(numbers).hasSizeGreaterThan(numbers.size());
    assertThat(now.isAfter(slow.grantedAt)).isTrue();
    slow.lines = slow.lines.stream().filter(line -> !numbers.contains(line)).toList();
    numbers.forEach(number -> lines.get(number).state = slow.retry ? State.WAITING : State.FRESH);
  }

  /** A report was counted: whatever the answer says must be so. */
  void settled(
      Held held, SettleRequest report, List<Attempt> attempts, SettleAnswer answer, Instant now) {
    int[] counts = new int[4];
    for (long number : held.lines) {
      Line line = lines.get(number);
      assertThat(line.state).as("line %s", line.number).isEqualTo(State.LEASED);
      switch (QueueStep.at(number, attempts)) {
        case SUCCEEDS -> line.state = State.SUCCEEDED;
        case TIMES_OUT -> {
          line.attempts++;
          line.failureClass = FailureClass.TIMEOUT;
          line.state = State.WAITING;
          if (line.attempts >= MAX_ATTEMPTS) {
            line.fail(FailureClass.TIMEOUT, now);
          }
        }
        case IS_REFUSED -> {
          line.attempts++;
          line.fail(FailureClass.HTTP_4xx, now);
        }
        case GOES_BACK -> {
          line.state = held.retry ? State.WAITING : State.FRESH;
          counts[3]++;
          continue;
        }
      }
      counts[line.state == State.SUCCEEDED ? 0 : line.state == State.WAITING ? 1 : 2]++;
    }
    assertThat(
            new int[] {answer.succeeded(), answer.retrying(), answer.failed(), answer.givenBack()})
        .isEqualTo(counts);
    held.lines = List.of();
    held.ended = true;
    held.lastReport = report;
    held.lastAnswer = answer;
  }

  /** The seconds that a renewal must have given. */
  long renewed(Held held, int linesDone, Instant now) {
    if (linesDone > held.progress) {
      held.progress = linesDone;
      held.progressAt = now;
    }
    if (Duration.between(held.progressAt, now).compareTo(STUCK) <= 0) {
      held.expiresAt = now.plus(LEASE);
    }
    return Duration.between(now, held.expiresAt).toSeconds();
  }

  /** Every lease whose time is over ends; returns how many. */
  int expired(Instant now) {
    int ended = 0;
    for (Held held : leases) {
      if (held.ended || held.isHeldAt(now)) {
        continue;
      }
      for (long number : held.lines) {
        Line line = lines.get(number);
        line.losses++;
        boolean suspect = line.losses >= MAX_LOSSES && (held.retry || held.lines.size() == 1);
        if (suspect) {
          line.fail(FailureClass.LOST, now);
        } else {
          line.state = held.retry ? State.WAITING : State.FRESH;
        }
      }
      held.ended = true;
      held.lines = List.of();
      ended++;
    }
    return ended;
  }

  /** How many lines a person's request takes; notes the request down where that is any. */
  long asks(RetryRequest request, Instant now) {
    Retry retry = new Retry(request.classes(), request.lines(), now);
    long taken = lines.values().stream().filter(retry::takes).count();
    if (taken > 0) {
      asked.add(retry);
      taskState = "IN_PROGRESS";
    }
    return taken;
  }

  void carriedOut() {
    for (Retry retry : asked) {
      lines.values().stream()
          .filter(line -> !taskState.equals("CANCELLED"))
          .filter(line -> retry.takes(line) && !line.failedAt.isAfter(retry.askedAt()))
          .forEach(
              line -> {
                line.earlier += line.attempts + line.losses;
                line.attempts = 0;
                line.losses = 0;
                line.state = State.WAITING;
              });
    }
    asked.clear();
  }

  boolean hasRequests() {
    return !asked.isEmpty();
  }
}
