/**
 * The databases and their entries: expiry, eviction, memory accounting, epochs and frozen views.
 */
@NullMarked
package io.cinnabar.keyspace;

import org.jspecify.annotations.NullMarked;
