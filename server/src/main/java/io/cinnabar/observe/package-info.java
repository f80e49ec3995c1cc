/**
 * What the server tells about itself: INFO, slow log, latency, metrics and flight-recorder events.
 */
@NullMarked
package io.cinnabar.observe;

import org.jspecify.annotations.NullMarked;
