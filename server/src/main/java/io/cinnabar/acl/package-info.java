/**
 * Users: who may run which commands on which keys and channels, the ACL command, the files that
 * users come from, and the log of what was denied.
 */
@NullMarked
package io.cinnabar.acl;

import org.jspecify.annotations.NullMarked;
