package io.hopscope.protocols.openflow;

import io.hopscope.encap.Ethernet;
import io.hopscope.encap.Frame;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A sink that writes down what it is told and checks that it is told the end exactly once. */
final class Journal implements Sink {
    final List<String> events = new ArrayList<>();
    final Pipeline pipeline;
    byte[] bytes;
    long tunnel;
    String explanation = "";
    int ends;

    Journal(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    Journal run(byte[] frame, int inPort) {
        return run(frame, inPort, 0, 0);
    }

    Journal run(byte[] frame, int inPort, long tunnelId, long now) {
        events.clear();
        ends = 0;
        pipeline.execute(frame(frame), inPort, tunnelId, now, this, true);
        if (ends != 1) throw new AssertionError("told the end " + ends + " times: " + events);
        return this;
    }

    static Frame frame(byte[] content) {
        Frame frame = new Frame(Frame.classFor(content.length)).reset(content.length);
        System.arraycopy(content, 0, frame.bytes(), frame.start(), content.length);
        return frame;
    }

    private void note(String what, Frame frame, boolean last) {
        if (ends > 0) throw new AssertionError(what + " after the end: " + events);
        if (last) ends++;
        bytes = java.util.Arrays.copyOfRange(frame.bytes(), frame.start(), frame.end());
        tunnel = pipeline.tunnelId();
        explanation = pipeline.explanation();
        Ethernet view = new Ethernet().wrap(frame);
        boolean out = !what.startsWith("dropped") && !what.equals("spent");
        String vlan = out && frame.length() >= 18 && view.tagged() ? "@" + view.vid() : "";
        events.add(what + vlan + (last ? "!" : ""));
    }

    String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void output(int port, Frame frame, boolean last) {
        note("output " + port, frame, last);
    }

    @Override
    public void normal(Frame frame, boolean last) {
        note("normal", frame, last);
    }

    @Override
    public void flood(Frame frame, boolean last) {
        note("flood", frame, last);
    }

    @Override
    public void all(Frame frame, boolean last) {
        note("all", frame, last);
    }

    @Override
    public void inPort(Frame frame, boolean last) {
        note("in_port", frame, last);
    }

    @Override
    public void local(Frame frame, boolean last) {
        note("local", frame, last);
    }

    @Override
    public void dropped(Frame frame, DropCause cause) {
        note("dropped " + cause, frame, true);
    }

    @Override
    public void spent(Frame frame) {
        note("spent", frame, true);
    }
}
