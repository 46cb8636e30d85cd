package io.hopscope.scenarios;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a VLAN device, {@code eth0.10}: VLAN 10 on eth0, as ifupdown and vconfig read it.
 *
 * @param parent which may be a VLAN device itself
 */
record VlanName(String parent, int vlan) {
    private static final Pattern FORM = Pattern.compile("(.+)\\.([0-9]{1,5})");

    /** Null where the name is another interface's. */
    static VlanName parse(String name) {
        Matcher matcher = FORM.matcher(name);
        return matcher.matches() ? new VlanName(matcher.group(1), Integer.parseInt(matcher.group(2))) : null;
    }

    boolean valid() {
        return vlan >= 1 && vlan <= 4094;
    }
}
