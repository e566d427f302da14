package io.aihub.client.server;

/** The parts of an RFC 9457 problem document that this client reads. */
public record Problem(String title, String detail, String code) {}
