package io.aihub.project.api;

/**
 * The form of a new R&D project.
 *
 * @param name 1 to 64 characters, unique
 */
public record NewProject(String name) {}
