package io.aihub.queue.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.LeaseRequest;
import io.aihub.queue.api.RenewAnswer;
import io.aihub.queue.api.RenewRequest;
import io.aihub.queue.api.SettleAnswer;
import io.aihub.queue.api.SettleRequest;
import jakarta.ejb.Stateless;
import java.util.UUID;

/** Hands lines out to workers and takes their reports. */
@Stateless
public class LeaseService {

  /** Takes the next lines of the machine's tag. */
  public LeaseOffer lease(MachineIdentity machine, LeaseRequest request) {
    throw new UnsupportedOperationException();
  }

  /** Counts a report and takes the next lines in one go. */
  public SettleAnswer settle(MachineIdentity machine, UUID leaseId, SettleRequest report) {
    throw new UnsupportedOperationException();
  }

  /** Puts the expiry of a lease off. */
  public RenewAnswer renew(MachineIdentity machine, UUID leaseId, RenewRequest request) {
    throw new UnsupportedOperationException();
  }
}
