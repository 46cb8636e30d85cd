package io.hopscope.devices.programs;

import io.hopscope.devices.Task;
import io.hopscope.protocols.http.HttpHead;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What curl shows on a terminal. */
final class CurlScreen {
    private final Task task;
    private final CurlPlan plan;
    /** A line that has not ended yet. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private boolean terminal;
    /** The kind of data that was last told of. */
    private char told;

    CurlScreen(Task task, CurlPlan plan) {
        this.task = task;
        this.plan = plan;
    }

    /** Another transfer, whose body goes to the terminal or into a file. */
    void begin(boolean toTerminal) {
        terminal = toTerminal;
        told = 0;
        if (metered()) {
            CurlMeter.HEAD.forEach(this::line);
        }
    }

    private boolean metered() {
        return !terminal && !plan.on("silent");
    }

    void end(CurlStats stats) {
        if (metered()) {
            line(CurlMeter.line(stats));
        }
    }

    void info(String text) {
        if (plan.on("verbose")) {
            told = 0;
            line("* " + text);
        }
    }

    void head(String mark, HttpHead head) {
        if (plan.on("verbose")) {
            told = 0;
            line(mark + head.first());
            head.fields().forEach(each -> line(mark + each.name() + ": " + each.value()));
            line(mark);
        }
    }

    /** Data that is not shown itself is told of, once in a row. */
    void data(char mark, long bytes) {
        if (plan.on("verbose") && !terminal && told != mark) {
            told = mark;
            line(mark + " [" + bytes + " bytes data]");
        }
    }

    void error(String text) {
        if (!plan.on("silent") || plan.on("show-error")) {
            line(text);
        }
    }

    void print(HttpHead head) {
        line(head.first());
        head.fields().forEach(each -> line(each.name() + ": " + each.value()));
        line("");
    }

    void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        print(bytes, 0, bytes.length);
    }

    void print(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == '\n') {
                line("");
            } else {
                line.write(bytes[i]);
            }
        }
    }

    /** Behind what stands on the line already. */
    private void line(String text) {
        String before = line.toString(StandardCharsets.UTF_8);
        line.reset();
        task.line(before + text);
    }

    void flush() {
        if (line.size() > 0) {
            line("");
        }
    }
}
