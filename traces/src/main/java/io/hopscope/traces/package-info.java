/** What a run leaves behind for people: pcapng files, journeys hop by hop, and filters to find one among many. */
package io.hopscope.traces;
