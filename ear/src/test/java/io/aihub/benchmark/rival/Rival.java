package io.aihub.benchmark.rival;

/** A queue with a row a line on the same PostgreSQL, worked on by threads of this process. */
public interface Rival extends AutoCloseable {

  String name();

  /** More than it can do, so that it doesn't run dry. */
  int mostJobsPerSecond();

  /**
   * Fills the queue anew; not part of what is measured.
   *
   * @param jobs enough for a round
   */
  void fill(int jobs) throws Exception;

  /** Works for a while and tells what was done; fails where the queue ran dry. */
  Work work(long seconds) throws Exception;

  /** What was done in which time. */
  record Work(long lines, double seconds) {

    public double linesPerSecond() {
      return lines / seconds;
    }
  }

  @Override
  void close();
}
