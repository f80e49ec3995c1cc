/** TLS without sockets: certificates, keys and ciphers from the configuration to an engine. */
@NullMarked
package io.cinnabar.net.tls;

import org.jspecify.annotations.NullMarked;
