package io.hopscope.protocols.openflow;

import java.util.List;

/** What a flow does with a frame, in order; nothing means drop. */
public final class Actions {
    final Action[] list;

    /** Behind the last action with an effect: after it only headers nobody sees are changed. */
    final int end;

    Actions(List<Action> actions) {
        list = actions.toArray(new Action[0]);
        int last = list.length;
        while (last > 0 && !list[last - 1].uses()) last--;
        end = last;
    }

    String text(PortNames ports) {
        if (list.length == 0) return "drop";
        StringBuilder out = new StringBuilder();
        for (Action action : list) {
            if (out.length() > 0) out.append(',');
            out.append(action.text(ports));
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return text(PortNames.NUMBERS);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Actions a && toString().equals(a.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
