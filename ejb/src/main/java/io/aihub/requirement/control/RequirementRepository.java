package io.aihub.requirement.control;

import io.aihub.fleet.entity.Machine;
import io.aihub.requirement.entity.RequirementSet;
import io.aihub.shared.NotFoundException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** What scripts require, in the database. */
@ApplicationScoped
public class RequirementRepository {

  @PersistenceContext private EntityManager entities;

  public Optional<RequirementSet> find(String sha256) {
    return Optional.ofNullable(entities.find(RequirementSet.class, sha256));
  }

  /** The same, kept from others' changes until the transaction ends. */
  public RequirementSet forChange(String sha256) {
    return Optional.ofNullable(
            entities.find(RequirementSet.class, sha256, LockModeType.PESSIMISTIC_WRITE))
        .orElseThrow(() -> new NotFoundException("requirements.unknown", sha256));
  }

  /** Keeps a text; where it is there already, that one stays as it is. */
  public RequirementSet keep(RequirementsText text, Instant now) {
    entities
        .createNativeQuery(
            """
            insert into requirement_set (sha256, text, state, due_at, claims)
            values (?1, ?2, 'WAITING', ?3, 0) on conflict (sha256) do nothing
            """)
        .setParameter(1, text.sha256())
        .setParameter(2, text.text())
        .setParameter(3, now.atOffset(ZoneOffset.UTC))
        .executeUpdate();
    return entities.find(RequirementSet.class, text.sha256());
  }

  /** The one that has been due for longest; nobody else gets it meanwhile. */
  public Optional<RequirementSet> due(Instant now) {
    List<?> due =
        entities
            .createNativeQuery(
                """
                select sha256 from requirement_set
                where state in ('WAITING', 'RESOLVING') and due_at <= ?1
                order by due_at limit 1 for update skip locked
                """)
            .setParameter(1, now.atOffset(ZoneOffset.UTC))
            .getResultList();
    return due.stream().findFirst().map(sha256 -> forChange((String) sha256));
  }

  /** What a machine has taken and not finished. */
  public List<RequirementSet> resolving(long machineId) {
    return entities
        .createQuery(
            "select r from RequirementSet r where r.machine.id = :machine"
                + " and r.state = io.aihub.requirement.api.RequirementsState.RESOLVING",
            RequirementSet.class)
        .setParameter("machine", machineId)
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultList();
  }

  public Machine machine(long id) {
    return entities.getReference(Machine.class, id);
  }
}
