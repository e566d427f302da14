package io.aihub.requirement.api;

import java.util.List;

/**
 * What is known of packages on the clients, by name.
 *
 * @param builtIn clients have it, in a version of their own
 * @param works tried: it can be required, and works
 * @param compiled it needs compiled code, which clients can't load
 * @param fails it can be installed, and fails once it is used
 */
public record KnownPackagesView(
    List<String> builtIn, List<String> works, List<String> compiled, List<String> fails) {}
