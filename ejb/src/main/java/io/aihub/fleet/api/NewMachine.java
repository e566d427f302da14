package io.aihub.fleet.api;

/**
 * The form of a new download server.
 *
 * @param name 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}; unique
 * @param tag the machine tag (机器标签): 1 to 64 Chinese characters, letters, digits, {@code .}, {@code
 *     _} and {@code -}
 */
public record NewMachine(String name, String tag) {}
