/**
 * How a command runs: the command table, the call that a handler sees, the dispatcher, units and
 * the changes they make, sessions, transactions and blocking.
 */
@NullMarked
package io.cinnabar.command;

import org.jspecify.annotations.NullMarked;
