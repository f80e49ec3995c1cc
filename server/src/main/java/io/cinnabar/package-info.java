/**
 * The public API: the builder of a server, the running server, and the program's main class. It
 * ties the other packages together; none of them knows it.
 */
@NullMarked
package io.cinnabar;

import org.jspecify.annotations.NullMarked;
