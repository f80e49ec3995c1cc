/**
 * Who listens to which channels and patterns, and how a message gets to all of them. Knows no
 * commands; a subscriber is whoever can be sent bytes.
 */
@NullMarked
package io.cinnabar.pubsub;

import org.jspecify.annotations.NullMarked;
