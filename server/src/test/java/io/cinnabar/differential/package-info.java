/**
 * The differential bench: the same commands go to a real redis-server and to the subject, and the
 * replies are compared byte for byte. {@code docs/testing.md} tells how to add to it.
 */
@NullMarked
package io.cinnabar.differential;

import org.jspecify.annotations.NullMarked;
