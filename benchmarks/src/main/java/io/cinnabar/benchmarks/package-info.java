/** JMH benchmarks of the server's structures and paths, one class for each structure. */
@NullMarked
package io.cinnabar.benchmarks;

import org.jspecify.annotations.NullMarked;
