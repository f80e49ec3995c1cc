/**
 * The event loop's turn as one thread runs it: execute what is queued, commit its changes, release
 * the replies whose watermark has passed, and keep house in slices of bounded time.
 */
@NullMarked
package io.cinnabar.loop;

import org.jspecify.annotations.NullMarked;
