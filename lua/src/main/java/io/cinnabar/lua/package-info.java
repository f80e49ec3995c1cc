/**
 * Lua 5.1 in pure Java: scripts are parsed into a tree of nodes that executes itself. It knows
 * nothing of servers: time, chance and limits come in through {@link Lua}'s constructor. Nil is
 * null, so that most references here may be null and nothing is marked.
 */
@NullUnmarked
package io.cinnabar.lua;

import org.jspecify.annotations.NullUnmarked;
