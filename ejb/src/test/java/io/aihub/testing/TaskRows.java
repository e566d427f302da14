package io.aihub.testing;

import org.jdbi.v3.core.Jdbi;

/** Tasks as rows, for tests of the database at whatever version of the schema. */
public final class TaskRows {

  private static final String SCRIPT = "a".repeat(64);

  private final Jdbi jdbi;

  /** Adds two people, 张三 who submits and 李晓 who receives, and a script. */
  public TaskRows(TestDatabase database) {
    jdbi = database.jdbi();
    jdbi.useHandle(
        handle -> {
          handle.execute(
              """
              insert into user_account (id, version, username, display_name, password_hash, admin,
                active, created_at)
              values (1, 1, 'zhang', '张三', '-', false, true, now()),
                (2, 1, 'lixiao', '李晓', '-', false, true, now())
              """);
          handle.execute(
              """
              insert into script_version (sha256, name, source, author_id, created_at)
              values (?, 'a.py', '-', 1, now())
              """,
              SCRIPT);
        });
  }

  /** One task; its name is its number. */
  public long insert(String targetPath, String state) {
    return insert(1, targetPath, state);
  }

  /**
   * Several tasks alike.
   *
   * @return the number of the last one
   */
  public long insert(int count, String targetPath, String state) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    with task as (
                      insert into download_task (id, version, name, priority, expected_delivery_at,
                        type, submitter_id, receiver_id, machine_tag, index_address, index_charset,
                        target_path, purpose, script_sha256, overwrite, state, created_at)
                      select n, 1, n, 0, now(), 'DATA_DOWNLOAD', 1, 2, 'hk', 's3://indexes/a.txt',
                        'UTF_8', :path, 'training', :script, false, :state, now()
                      from (select nextval('download_task_seq') n from generate_series(1, :count)) s
                      returning id)
                    select max(id) from task
                    """)
                .bind("path", targetPath)
                .bind("script", SCRIPT)
                .bind("state", state)
                .bind("count", count)
                .mapTo(Long.class)
                .one());
  }
}
