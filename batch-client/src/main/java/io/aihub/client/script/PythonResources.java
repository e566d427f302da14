package io.aihub.client.script;

import com.oracle.graal.python.runtime.EmulatedPosixSupport;
import com.oracle.graal.python.runtime.PythonContext;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.channels.Channel;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What Python of one context holds of the process: files, pipes, sockets, a timer. GraalPy gives
 * none of it back when the context is closed, and a pipe or a socket that nobody closes is open in
 * Java for good. There is no hook for it; a test tells where a new version of GraalPy differs.
 * Thread-safe.
 */
final class PythonResources {

  private static final Logger LOG = Logger.getLogger(PythonResources.class.getName());
  private static final int OUT = 1;
  private static final int ERR = 2;

  private final EmulatedPosixSupport posix;
  private final Map<?, ?> descriptors;
  private final Channel out;
  private final Channel err;

  private PythonResources(EmulatedPosixSupport posix) {
    this.posix = posix;
    descriptors = (Map<?, ?>) field(EmulatedPosixSupport.class.getSuperclass(), "files");
    out = posix.getFileChannel(OUT);
    err = posix.getFileChannel(ERR);
  }

  /** Of the context that this thread has entered. */
  static PythonResources ofCurrentContext() {
    return new PythonResources((EmulatedPosixSupport) PythonContext.get(null).getPosixSupport());
  }

  /** How many pipes and sockets are open; of files {@link DiskQuota} knows. */
  int pipesAndSockets() {
    int count = 0;
    for (int number : numbers()) {
      Channel channel = posix.getFileChannel(number);
      if (channel != null && channel.isOpen() && !(channel instanceof SeekableByteChannel)) {
        count++;
      }
    }
    return count;
  }

  /** Whether what is printed still goes where it went at the start. */
  boolean hasItsOutput() {
    return posix.getFileChannel(OUT) == out && posix.getFileChannel(ERR) == err;
  }

  /** Gives all of it back. No Python may run any more: it would take what is closed for open. */
  void close() {
    for (int number : numbers()) {
      Channel channel = posix.getFileChannel(number);
      try {
        if (channel != null) {
          channel.close();
        }
      } catch (IOException unclean) {
        LOG.log(Level.FINE, "What a script had open did not close cleanly", unclean);
      }
    }
    ExecutorService timer =
        (ExecutorService) field(EmulatedPosixSupport.class, "itimerService"); // of setitimer()
    if (timer != null) {
      timer.shutdownNow();
    }
  }

  /** Without those of the standard streams. */
  private List<Integer> numbers() {
    synchronized (descriptors) {
      return descriptors.keySet().stream()
          .map(Integer.class::cast)
          .filter(number -> number > ERR)
          .toList();
    }
  }

  private Object field(Class<?> owner, String name) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(posix);
    } catch (ReflectiveOperationException changed) {
      throw new IllegalStateException("this GraalPy keeps its resources elsewhere", changed);
    }
  }
}
