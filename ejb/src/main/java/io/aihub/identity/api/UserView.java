package io.aihub.identity.api;

import java.time.Instant;

/**
 * An account as others may see it.
 *
 * @param username the sign-in name
 * @param displayName the name that pages show
 * @param admin whether it may make accounts, machines and projects
 * @param active whether it may sign in and receive tasks
 */
public record UserView(
    String username, String displayName, boolean admin, boolean active, Instant createdAt) {}
