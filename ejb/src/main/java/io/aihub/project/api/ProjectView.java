package io.aihub.project.api;

/** An R&D project that tasks may be booked to. */
public record ProjectView(long id, String name) {}
