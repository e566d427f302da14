package io.aihub.requirement.api;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * What a machine found out: exactly one of the two is there.
 *
 * @param pins every package that has to be installed beside what clients have; may be empty
 */
public record ResolutionReport(
    @Size(max = 200) List<@Valid PackagePin> pins, @Valid ResolutionProblem problem) {}
