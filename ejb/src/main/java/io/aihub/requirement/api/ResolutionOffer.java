package io.aihub.requirement.api;

/**
 * Requirements that a machine is given to find out what they come to. As long as it is at it, its
 * status reports name them.
 *
 * @param sha256 what they are known by
 * @param text the lines of {@code requirements.txt}
 */
public record ResolutionOffer(String sha256, String text) {}
