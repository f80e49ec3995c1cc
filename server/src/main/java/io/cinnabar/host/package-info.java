/**
 * What the engine takes from outside instead of the JDK: time, chance, files, timers and workers,
 * as interfaces only. Production binds them to the machine, tests to a simulated one.
 */
@NullMarked
package io.cinnabar.host;

import org.jspecify.annotations.NullMarked;
