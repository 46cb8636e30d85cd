/** A stateful firewall: which segment may begin what with which, and what has begun. */
package io.hopscope.protocols.firewall;
