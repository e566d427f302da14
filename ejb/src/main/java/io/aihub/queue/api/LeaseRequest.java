package io.aihub.queue.api;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * A worker asks for lines.
 *
 * @param capacity how many at most, 1 to 1000; null means 10
 * @param worker name of the worker within its machine, for people who look for it
 */
public record LeaseRequest(
    @Min(1) @Max(1000) Integer capacity, @NotBlank @Size(max = 64) String worker) {

  public static final int DEFAULT_CAPACITY = 10;
}
