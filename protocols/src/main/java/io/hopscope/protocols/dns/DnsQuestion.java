package io.hopscope.protocols.dns;

import io.hopscope.encap.Dns;
import io.hopscope.encap.DnsData;
import java.util.Locale;

/**
 * What a query asks.
 *
 * @param kind the class, {@link Dns#IN} as a rule
 */
public record DnsQuestion(String name, int type, int kind) {
    public static DnsQuestion of(String name, int type) {
        return new DnsQuestion(name, type, Dns.IN);
    }

    /** Names are the same whatever the case of their letters (RFC 1035, section 2.3.3). */
    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    boolean sameAs(DnsQuestion other) {
        return type == other.type && kind == other.kind && key(name).equals(key(other.name));
    }

    @Override
    public String toString() {
        return name + ". " + DnsData.className(kind) + " " + DnsData.typeName(type);
    }
}
