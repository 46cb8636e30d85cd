/** HTTP/1.1 (RFC 9110, 9112): heads of requests and responses, and bodies as they come in, piece by piece. */
package io.hopscope.protocols.http;
