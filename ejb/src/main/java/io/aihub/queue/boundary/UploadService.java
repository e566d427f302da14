package io.aihub.queue.boundary;

import io.aihub.fleet.api.MachineIdentity;
import io.aihub.queue.api.UploadAnswer;
import io.aihub.queue.api.UploadRequest;
import jakarta.ejb.Stateless;
import java.util.UUID;

/** Lets the holder of a lease bring its files into storage. */
@Stateless
public class UploadService {

  /** Decides on each file and signs a request on the relay's address where it may be uploaded. */
  public UploadAnswer grant(MachineIdentity machine, UUID leaseId, UploadRequest request) {
    throw new UnsupportedOperationException();
  }
}
