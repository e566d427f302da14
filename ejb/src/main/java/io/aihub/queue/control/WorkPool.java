package io.aihub.queue.control;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The threads for work beside the request: look-ups in parallel, and whatever takes its time. */
@ApplicationScoped
public class WorkPool {

  @Resource private ManagedExecutorService managed;
  private final Executor given;

  protected WorkPool() {
    this(null);
  }

  /** For use without a container. */
  public WorkPool(Executor executor) {
    this.given = executor;
  }

  /** Starts a piece of work that sees to its own errors. */
  public void start(Runnable work) {
    executor().execute(work);
  }

  /** Does all at the same time; the answers are in the order of the calls. */
  public <T> List<T> all(List<Supplier<T>> calls) {
    if (calls.size() == 1) {
      return List.of(calls.get(0).get());
    }
    List<CompletableFuture<T>> answers =
        calls.stream().map(call -> CompletableFuture.supplyAsync(call, executor())).toList();
    try {
      return answers.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  private Executor executor() {
    return given == null ? managed : given;
  }
}
