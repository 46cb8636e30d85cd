/** Address management as OpenStack has it: one server with one database, asked by every node that starts an instance. */
package io.hopscope.protocols.ipam;
