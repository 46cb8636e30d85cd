package io.hopscope.protocols.tcp;

/** How fast data is delivered (draft-cheng-iccrg-delivery-rate-estimation): what {@code ss} calls delivery_rate. */
final class DeliveryRate {
    private DeliveryRate() {}

    /** A segment is about to be sent. */
    static void sending(Flight flight, long now) {
        if (flight.count() == 0) {
            flight.lastFirst = now;
            flight.lastDelivered = now;
        }
    }

    /** A segment has arrived. */
    static void delivered(Flight flight, int index, Ack ack) {
        if (flight.deliveredAt(index) < 0) {
            return;
        }
        long sent = flight.sent(index);
        int end = flight.end(index);
        if (ack.ratePrior < 0 || sent > flight.lastFirst || sent == flight.lastFirst && Seq.after(end, ack.rateEnd)) {
            ack.rateDelivered = flight.delivered(index);
            ack.ratePrior = flight.deliveredAt(index);
            ack.rateEnd = end;
            ack.rateSpan = sent - flight.firstSent(index);
            flight.lastFirst = sent;
        }
        flight.usedForRate(index);
    }

    /** The acknowledgment has been dealt with. */
    static void conclude(Connection c, Ack ack, int delivered) {
        if (c.appLimited && Seq.after(c.delivered, c.appLimitedUntil)) {
            c.appLimited = false;
        }
        if (delivered > 0) {
            c.flight.lastDelivered = ack.now;
        }
        if (ack.ratePrior < 0) {
            return;
        }
        int segments = c.delivered - ack.rateDelivered;
        long span = Math.max(ack.rateSpan, ack.now - ack.ratePrior) / Time.MICRO;
        if (span < c.minRtt || span == 0) {
            return;
        }
        int micros = (int) Math.min(Integer.MAX_VALUE, span);
        boolean faster = (long) segments * c.rateMicros >= (long) c.rateDelivered * micros;
        if (!c.appLimited || faster) {
            c.rateDelivered = segments;
            c.rateMicros = micros;
            c.rateAppLimited = c.appLimited;
        }
    }

    /** Nothing is left to send, though more could be under way (tcp_rate_check_app_limited). */
    static void starved(Connection c) {
        if (c.unsentBytes() < c.mss && c.inFlight() < c.cwnd) {
            c.appLimited = true;
            c.appLimitedUntil = c.delivered + c.inFlight();
        }
    }

    /** Bytes a second; 0 while it is not known. */
    static long bytesPerSecond(Connection c) {
        return c.rateMicros == 0 ? 0 : (long) c.rateDelivered * c.mss * 1_000_000L / c.rateMicros;
    }
}
