/**
 * The configuration: its parameters with their defaults and bounds, the syntax of redis.conf, and
 * what CONFIG reads and sets.
 */
@NullMarked
package io.cinnabar.config;

import org.jspecify.annotations.NullMarked;
