package io.aihub.task.control;

import io.aihub.shared.NotFoundException;
import io.aihub.shared.Page;
import io.aihub.shared.PageRequest;
import io.aihub.task.api.TargetSharer;
import io.aihub.task.api.TaskState;
import io.aihub.task.entity.DownloadTask;
import io.aihub.task.entity.StateTransition;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import java.util.List;
import java.util.Locale;

/** The tasks and their history in the database. */
@ApplicationScoped
public class TaskRepository {

  /**
   * The states are those that are {@link TaskState#isUnfinished() unfinished}, written out so that
   * their index serves. The folders that the path lies in are one value: they stand in lines.
   */
  static final String SHARING_TARGET =
      """
      select t.id, t.name, u.username, u.display_name, t.state, t.target_path, t.overwrite
      from download_task t join user_account u on u.id = t.submitter_id
      where t.state in ('CREATED', 'IN_PROGRESS', 'PAUSED', 'FAILED') and t.id <> ?1
        and (t.target_path = any(string_to_array(?2, chr(10)))
          or t.target_path >= ?3 and t.target_path < ?4)
      order by t.id desc limit 20
      """;

  @PersistenceContext private EntityManager entities;

  public void add(DownloadTask task) {
    entities.persist(task);
    entities.persist(task.created());
    entities.flush();
  }

  /**
   * Whether there is a task with this target path. Until the transaction ends, whoever else asks
   * about the same one waits.
   */
  public boolean isTarget(String path) {
    entities
        .createNativeQuery("select 1 from pg_advisory_xact_lock(hashtextextended(?, 0))")
        .setParameter(1, path)
        .getSingleResult();
    return entities
            .createQuery(
                "select count(t) from DownloadTask t where t.targetPath = :path", Long.class)
            .setParameter("path", path)
            .getSingleResult()
        > 0;
  }

  /**
   * The latest of the unfinished tasks that write to a target path, into a folder that it lies in,
   * or below it.
   *
   * @param but the task that is not meant; 0 means none
   */
  public List<TargetSharer> sharingTarget(String path, long but) {
    List<?> rows =
        entities
            .createNativeQuery(SHARING_TARGET)
            .setParameter(1, but)
            .setParameter(2, String.join("\n", TargetPath.downTo(path)))
            .setParameter(3, TargetPath.beginBelow(path))
            .setParameter(4, TargetPath.endBelow(path))
            .getResultList();
    return rows.stream().map(row -> sharer((Object[]) row)).toList();
  }

  private static TargetSharer sharer(Object[] row) {
    return new TargetSharer(
        (Long) row[0],
        (String) row[1],
        (String) row[2],
        (String) row[3],
        TaskState.valueOf((String) row[4]),
        (String) row[5],
        (Boolean) row[6]);
  }

  public void add(StateTransition transition) {
    entities.persist(transition);
    entities.flush();
  }

  /**
   * Reads one task.
   *
   * @throws NotFoundException where there is none
   */
  public DownloadTask get(long id) {
    return found(id, entities.find(DownloadTask.class, id));
  }

  /**
   * The task, kept from others' changes until the transaction ends: of two who decide at once, the
   * second one sees what the first one did.
   */
  public DownloadTask forChange(long id) {
    return found(id, entities.find(DownloadTask.class, id, LockModeType.PESSIMISTIC_WRITE));
  }

  /**
   * Newest first.
   *
   * @param state null means any
   * @param nameContains null means any; upper and lower case are the same
   */
  public Page<DownloadTask> page(TaskState state, String nameContains, PageRequest page) {
    List<DownloadTask> items =
        filtered(
                "select t from DownloadTask t left join fetch t.project join fetch t.submitter"
                    + " join fetch t.receiver join fetch t.script",
                " order by t.id desc",
                DownloadTask.class,
                state,
                nameContains)
            .setFirstResult(page.offset())
            .setMaxResults(page.limit())
            .getResultList();
    long total =
        filtered("select count(t) from DownloadTask t", "", Long.class, state, nameContains)
            .getSingleResult();
    return new Page<>(items, page.offset(), total);
  }

  /** Oldest first. */
  public List<StateTransition> history(long taskId) {
    return entities
        .createQuery(
            "select s from StateTransition s left join fetch s.actor where s.task.id = :id"
                + " order by s.id",
            StateTransition.class)
        .setParameter("id", taskId)
        .getResultList();
  }

  private <T> TypedQuery<T> filtered(
      String select, String order, Class<T> type, TaskState state, String nameContains) {
    StringBuilder query = new StringBuilder(select).append(" where 1 = 1");
    if (state != null) {
      query.append(" and t.state = :state");
    }
    if (nameContains != null) {
      query.append(" and lower(t.name) like :pattern escape '!'");
    }
    TypedQuery<T> typed = entities.createQuery(query.append(order).toString(), type);
    if (state != null) {
      typed.setParameter("state", state);
    }
    if (nameContains != null) {
      typed.setParameter(
          "pattern", "%" + nameContains.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%");
    }
    return typed;
  }

  private static DownloadTask found(long id, DownloadTask task) {
    if (task == null) {
      throw new NotFoundException("task.unknown", id);
    }
    return task;
  }
}
