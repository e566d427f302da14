package io.aihub.fleet.entity;

import io.aihub.fleet.api.MachineStatus;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/**
 * What a machine last said of itself. Read here, written by one statement (see {@code
 * MachineRepository}): a row of its own, so that a report every half minute never touches the
 * machine's.
 */
@Entity
@Table(name = "machine_status")
public class MachineReport {

  @Id
  @Column(name = "machine_id")
  private Long machineId;

  @Column(name = "seen_at")
  private Instant seenAt;

  private String address;

  @Enumerated(EnumType.STRING)
  private MachineStatus.Condition condition;

  private String reason;
  private int workers;

  @Column(name = "busy_workers")
  private int busyWorkers;

  @Column(name = "free_disk_bytes")
  private long freeDiskBytes;

  @Column(name = "resident_bytes")
  private long residentBytes;

  @Column(name = "client_version")
  private String clientVersion;

  protected MachineReport() {} // for JPA

  public Instant seenAt() {
    return seenAt;
  }

  public String address() {
    return address;
  }

  public MachineStatus status() {
    return new MachineStatus(
        condition,
        reason,
        workers,
        busyWorkers,
        freeDiskBytes,
        residentBytes,
        clientVersion,
        null,
        null);
  }
}
