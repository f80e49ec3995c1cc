/** Binds the seams of {@code host} to the machine the server runs on. Only the root uses it. */
@NullMarked
package io.cinnabar.machine;

import org.jspecify.annotations.NullMarked;
