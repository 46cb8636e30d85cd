package io.hopscope.devices.asic;

import io.hopscope.protocols.stp.PortState;

/** A port that does not forward lets nothing in; one that is about to learns. */
final class TreeStage implements Stage {
    private final AsicSwitch owner;
    private final Stage learn;

    TreeStage(AsicSwitch owner, Stage learn) {
        this.owner = owner;
        this.learn = learn;
    }

    @Override
    public void apply(Packet packet, long now) {
        if (owner.tree() == null) {
            return;
        }
        PortState state = owner.tree().state(packet.ingress);
        if (state.forwards()) {
            return;
        }
        if (state.learns()) {
            learn.apply(packet, now);
        }
        if (packet.traced()) {
            packet.because("port is " + state);
        }
        packet.drop(owner.tree().aside(packet.ingress) ? Drop.BLOCKED : Drop.NOT_YET);
    }
}
