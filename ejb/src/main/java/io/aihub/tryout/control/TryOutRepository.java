package io.aihub.tryout.control;

import io.aihub.fleet.entity.Machine;
import io.aihub.shared.NotFoundException;
import io.aihub.shared.Page;
import io.aihub.shared.PageRequest;
import io.aihub.tryout.entity.TryOut;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** The try-outs in the database. */
@ApplicationScoped
public class TryOutRepository {

  @PersistenceContext private EntityManager entities;

  public void add(TryOut tryOut) {
    entities.persist(tryOut);
    entities.flush();
  }

  public TryOut get(long id) {
    return Optional.ofNullable(entities.find(TryOut.class, id))
        .orElseThrow(() -> new NotFoundException("tryout.unknown", id));
  }

  /** The same, kept from others' changes until the transaction ends. */
  public TryOut forChange(long id) {
    return Optional.ofNullable(entities.find(TryOut.class, id, LockModeType.PESSIMISTIC_WRITE))
        .orElseThrow(() -> new NotFoundException("tryout.unknown", id));
  }

  /** The oldest one that waits for a machine of this tag; nobody else gets it meanwhile. */
  public Optional<TryOut> waiting(String tag, Instant now) {
    List<?> ids =
        entities
            .createNativeQuery(
                """
                select id from try_out
                where state = 'SUBMITTED' and machine_tag = ?1 and expires_at > ?2
                order by id limit 1 for update skip locked
                """)
            .setParameter(1, tag)
            .setParameter(2, now.atOffset(ZoneOffset.UTC))
            .getResultList();
    return ids.stream().findFirst().map(id -> forChange(((Number) id).longValue()));
  }

  /** What a machine has taken and not finished. */
  public List<TryOut> running(long machineId) {
    return entities
        .createQuery(
            "select t from TryOut t where t.machine.id = :machine"
                + " and t.state = io.aihub.tryout.api.TryOutState.RUNNING",
            TryOut.class)
        .setParameter("machine", machineId)
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultList();
  }

  public Machine machine(long id) {
    return entities.getReference(Machine.class, id);
  }

  /** How many of a tag are neither done nor expired. */
  public long unfinished(String tag, Instant now) {
    return entities
        .createQuery(
            "select count(t) from TryOut t where t.machineTag = :tag and t.expiresAt > :now"
                + " and t.state <> io.aihub.tryout.api.TryOutState.DONE",
            Long.class)
        .setParameter("tag", tag)
        .setParameter("now", now)
        .getSingleResult();
  }

  /** Newest first. */
  public Page<TryOut> page(String scriptSha256, PageRequest page) {
    return new Page<>(
        entities
            .createQuery(
                "select t from TryOut t where t.scriptSha256 = :script order by t.id desc",
                TryOut.class)
            .setParameter("script", scriptSha256)
            .setFirstResult(page.offset())
            .setMaxResults(page.limit())
            .getResultList(),
        page.offset(),
        entities
            .createQuery("select count(t) from TryOut t where t.scriptSha256 = :script", Long.class)
            .setParameter("script", scriptSha256)
            .getSingleResult());
  }

  /** Forgets what was submitted before {@code then}. */
  public void forgetBefore(Instant then) {
    entities
        .createNativeQuery("delete from try_out where submitted_at < ?1")
        .setParameter(1, then.atOffset(ZoneOffset.UTC))
        .executeUpdate();
  }
}
