package io.aihub.fleet.control;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.fleet.api.MachineStatus;
import io.aihub.fleet.api.MachineView;
import io.aihub.fleet.entity.Machine;
import io.aihub.fleet.entity.MachineReport;
import io.aihub.shared.ConflictException;
import io.aihub.shared.InputCheck;
import io.aihub.shared.NotFoundException;
import io.aihub.shared.UniqueViolation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** The machines and their last reports in the database. */
@ApplicationScoped
public class MachineRepository {

  @PersistenceContext private EntityManager entities;

  /**
   * Keeps a new machine.
   *
   * @throws ConflictException where the name is taken
   */
  public void add(Machine machine) {
    UniqueViolation.translate(
        () -> {
          entities.persist(machine);
          entities.flush();
        },
        () -> new ConflictException("machine.exists", machine.name()));
  }

  /** The machine, kept from others' changes until the transaction ends. */
  public Machine forChange(String name) {
    return entities
        .createQuery("select m from Machine m where m.name = :name", Machine.class)
        .setParameter("name", name)
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultStream()
        .findFirst()
        .orElseThrow(() -> new NotFoundException("machine.unknown", name));
  }

  /** The active machine that this token hash belongs to. */
  public Optional<MachineIdentity> identify(String tokenHash) {
    return entities
        .createQuery(
            "select m from Machine m where m.tokenHash = :hash and m.active = true", Machine.class)
        .setParameter("hash", tokenHash)
        .getResultStream()
        .findFirst()
        .map(machine -> new MachineIdentity(machine.id(), machine.name(), machine.tag()));
  }

  public List<String> tags() {
    return entities
        .createQuery("select distinct m.tag from Machine m order by m.tag", String.class)
        .getResultList();
  }

  public boolean knowsName(String name) {
    return !entities
        .createQuery("select m.id from Machine m where m.name = :name", Long.class)
        .setParameter("name", name)
        .getResultList()
        .isEmpty();
  }

  public boolean knowsTag(String tag) {
    return !entities
        .createQuery("select m.id from Machine m where m.tag = :tag", Long.class)
        .setParameter("tag", tag)
        .setMaxResults(1)
        .getResultList()
        .isEmpty();
  }

  /** Every machine by name, with its last report. */
  public List<MachineView> views() {
    return entities
        .createQuery(
            "select m, r from Machine m left join MachineReport r on r.machineId = m.id"
                + " order by m.name",
            Object[].class)
        .getResultStream()
        .map(row -> view((Machine) row[0], (MachineReport) row[1]))
        .toList();
  }

  /** Keeps the newest report of a machine; the order of two at once does not matter. */
  public void report(long machineId, MachineStatus status, String address, Instant now) {
    entities
        .createNativeQuery(
            """
            insert into machine_status (machine_id, seen_at, address, condition, reason, workers,
              busy_workers, free_disk_bytes, resident_bytes, client_version)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            on conflict (machine_id) do update set seen_at = excluded.seen_at,
              address = excluded.address, condition = excluded.condition, reason = excluded.reason,
              workers = excluded.workers, busy_workers = excluded.busy_workers,
              free_disk_bytes = excluded.free_disk_bytes, resident_bytes = excluded.resident_bytes,
              client_version = excluded.client_version
            """)
        .setParameter(1, machineId)
        .setParameter(2, now.atOffset(ZoneOffset.UTC))
        .setParameter(3, address)
        .setParameter(4, status.condition().name())
        .setParameter(5, InputCheck.printable(status.reason()))
        .setParameter(6, status.workers())
        .setParameter(7, status.busyWorkers())
        .setParameter(8, status.freeDiskBytes())
        .setParameter(9, status.residentBytes())
        .setParameter(10, InputCheck.printable(status.clientVersion()))
        .executeUpdate();
  }

  private static MachineView view(Machine machine, MachineReport report) {
    return new MachineView(
        machine.name(),
        machine.tag(),
        machine.isActive(),
        machine.createdAt(),
        report == null ? null : report.seenAt(),
        report == null ? null : report.address(),
        report == null ? null : report.status());
  }
}
