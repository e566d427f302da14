package io.aihub.benchmark.rival;

/** A queue with a row a line on the same PostgreSQL, worked on by threads of this process. */
public interface Rival extends AutoCloseable {

  String name();

  /**
   * Fills the queue anew; not part of what is measured.
   *
   * @param jobs enough for a round
   */
  void fill(int jobs) throws Exception;

  /** Works for a while and tells how many jobs were done; fails where the queue ran dry. */
  long work(long seconds) throws Exception;

  @Override
  void close();
}
