package io.aihub.tryout.api;

import io.aihub.requirement.api.ResolutionOffer;

/**
 * What a machine is asked to do beside the lines that it leases.
 *
 * @param tryOut a script to be tried out, or null
 * @param resolution requirements to be resolved, or null
 */
public record Errands(TryOutOffer tryOut, ResolutionOffer resolution) {}
