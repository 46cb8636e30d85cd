package io.hopscope.devices.programs;

import io.hopscope.protocols.http.HttpHead;
import io.hopscope.protocols.tcp.ByteSource;

/** What a server answers. */
interface HttpSite {
    /**
     * An answer.
     *
     * @param body null for none
     * @param closes whether the connection ends with it
     */
    record Answer(HttpHead head, ByteSource body, long length, boolean closes) {}

    /**
     * @param received bytes of the request's body
     */
    Answer answer(HttpHead request, long received, int client, long now);

    /** To what is no request. */
    Answer refusal(String why, int client, long now);

    /** How long a connection may be idle between two requests; {@link Long#MAX_VALUE} for ever. */
    long patience();
}
