package io.aihub.queue.control;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The threads for work beside the request: look-ups in parallel, and whatever takes its time. */
@ApplicationScoped
public class WorkPool {

  private static final int LANES = 16;
  private static final int THREADS = 64;
  private static final Duration IDLE = Duration.ofMinutes(1);

  @Resource private ManagedThreadFactory managed;
  private ExecutorService executor;

  public WorkPool() {} // for CDI

  /** For use without a container. */
  public WorkPool(ExecutorService executor) {
    this.executor = executor;
  }

  /**
   * Managed threads in a pool of its own: the container's executor looks for its context providers
   * on the class path with every task, which costs more than the tasks here do.
   */
  @PostConstruct
  void prepare() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            managed);
    pool.allowCoreThreadTimeOut(true);
    executor = pool;
  }

  @PreDestroy
  void end() {
    executor.shutdownNow();
  }

  /** Starts a piece of work that sees to its own errors. */
  public void start(Runnable work) {
    executor.execute(work);
  }

  /**
   * Does all calls, up to {@value #LANES} at a time; the answers are in the order of the calls. The
   * caller's own thread takes part, so a lack of threads slows it down and no more.
   */
  public <T> List<T> all(List<Supplier<T>> calls) {
    List<CompletableFuture<T>> answers = new ArrayList<>();
    calls.forEach(call -> answers.add(new CompletableFuture<>()));
    AtomicInteger next = new AtomicInteger();
    Runnable lane =
        () -> {
          for (int i = next.getAndIncrement(); i < calls.size(); i = next.getAndIncrement()) {
            answer(calls.get(i), answers.get(i));
          }
        };
    for (int i = 1; i < Math.min(LANES, calls.size()); i++) {
      try {
        executor.execute(lane);
      } catch (RejectedExecutionException noThread) {
        break;
      }
    }
    lane.run();
    try {
      return answers.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  private static <T> void answer(Supplier<T> call, CompletableFuture<T> answer) {
    try {
      answer.complete(call.get());
    } catch (RuntimeException failure) {
      answer.completeExceptionally(failure);
    }
  }
}
