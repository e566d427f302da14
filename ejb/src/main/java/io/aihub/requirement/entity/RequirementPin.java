package io.aihub.requirement.entity;

import io.aihub.requirement.api.PackagePin;
import jakarta.persistence.Embeddable;
import java.util.List;

/** One of the packages that requirements have come to. */
@Embeddable
public class RequirementPin {

  private String name;
  private String version;
  private String sha256;
  private String modules;

  protected RequirementPin() {} // for JPA

  RequirementPin(PackagePin pin) {
    this.name = pin.name();
    this.version = pin.version();
    this.sha256 = pin.sha256();
    this.modules = String.join(" ", pin.modules());
  }

  PackagePin view() {
    return new PackagePin(
        name, version, sha256, modules.isEmpty() ? List.of() : List.of(modules.split(" ", -1)));
  }
}
