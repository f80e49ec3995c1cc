/**
 * The commands themselves, one class for each family. A family knows nothing of sockets, files,
 * replicas or scripts.
 */
@NullMarked
package io.cinnabar.family;

import org.jspecify.annotations.NullMarked;
