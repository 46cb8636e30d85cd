package io.hopscope.protocols.netfilter;

import java.util.List;

/** xt_comment: a remark on a rule, up to 255 characters. */
final class CommentMatch extends Match {
    private String text;

    @Override
    String name() {
        return "comment";
    }

    @Override
    List<String> options() {
        return List.of("--comment");
    }

    @Override
    boolean inverts(String option) {
        return false;
    }

    @Override
    void option(String option, boolean not, Words words) {
        text = words.take("a comment");
        if (text.length() > 255) {
            throw words.wrong("a comment of 255 characters at most");
        }
    }

    @Override
    void complete(Words words) {
        if (text == null) {
            throw words.missing("comment without an option", "--comment");
        }
    }

    String text() {
        return text;
    }

    @Override
    boolean matches(Packet p) {
        return true;
    }

    @Override
    void print(StringBuilder out) {
        out.append(" --comment");
        quote(out, text);
    }

    @Override
    int needs() {
        return 0;
    }

    @Override
    void list(StringBuilder out) {
        out.append(" /* ").append(text).append(" */");
    }
}
