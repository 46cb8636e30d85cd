package io.hopscope.scenarios.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A page of text, figures and tables that needs nothing else, to read, to print, or to send. Well-formed XML as well as HTML. */
public final class Page {
    private static final String STYLE = """
            :root { color-scheme: light; }
            body { font: 16px/1.5 Charter, 'Bitstream Charter', Georgia, 'Times New Roman', serif; color: #222;
              background: #fff; max-width: 46rem; margin: 2.5rem auto; padding: 0 1rem; }
            h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
            h2 { font-size: 1.1rem; margin: 2.2rem 0 .5rem; }
            figure { margin: 2rem 0; break-inside: avoid; }
            figure svg { width: 100%; height: auto; display: block; }
            figcaption { font-size: .85rem; line-height: 1.45; color: #444; margin-top: .4rem; }
            table { border-collapse: collapse; font: 12.5px/1.5 'Helvetica Neue', Helvetica, Arial, sans-serif;
              font-variant-numeric: tabular-nums; border-top: 1.5px solid #222; border-bottom: 1.5px solid #222; }
            th, td { padding: .15rem .6rem .15rem 0; text-align: right; vertical-align: top; font-weight: normal; }
            thead th { border-bottom: .75px solid #222; vertical-align: bottom; }
            th:first-child, td.word, th.word { text-align: left; }
            tbody th { white-space: nowrap; }
            tr.era th, tr.era td { border-top: .75px solid #ccc; }
            .wide { overflow-x: auto; }
            code, pre { font: 13px/1.45 ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
            pre { background: #f5f5f5; padding: .6rem .8rem; white-space: pre-wrap; }
            .overflows { color: #a03000; font-weight: 600; } .fits { color: #006b4e; } .tight { font-weight: 600; }
            @media print { body { max-width: none; margin: 0; font-size: 10.5pt; } pre { border: .75px solid #ccc; } }
            """;

    private final String title;
    private final StringBuilder body = new StringBuilder();
    private int figures;

    public Page(String title) {
        this.title = title;
    }

    /** Markup as it stands. */
    public Page raw(String markup) {
        body.append(markup);
        return this;
    }

    public Page heading(String text) {
        return raw("<h2>" + escape(text) + "</h2>\n");
    }

    /**
     * @param source what stands below each figure after its caption: where its numbers are from
     */
    public Page figure(Figure figure, String source) {
        return raw("<figure>\n" + figure.svg() + "<figcaption><b>Figure " + ++figures + ". ")
                .raw(escape(figure.title()) + ".</b> " + escape(figure.caption()) + " ")
                .raw(escape(source) + "</figcaption>\n</figure>\n");
    }

    /** The cells of a table; the first of each row is its name. */
    public Page table(List<String> head, List<List<String>> rows) {
        raw("<div class=\"wide\"><table>\n<thead><tr>");
        head.forEach(each -> raw("<th>" + escape(each) + "</th>"));
        raw("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            raw("<tr><th>" + escape(row.get(0)) + "</th>");
            row.subList(1, row.size()).forEach(each -> raw("<td>" + escape(each) + "</td>"));
            raw("</tr>\n");
        }
        return raw("</tbody>\n</table></div>\n");
    }

    public String html() {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                + "<title>" + escape(title) + "</title>\n<style>\n" + STYLE + "</style>\n</head>\n<body>\n"
                + "<h1>" + escape(title) + "</h1>\n" + body + "</body>\n</html>\n";
    }

    /** Writes the page, and each picture beside it, into a folder, which is made if there is none. Returns the page. */
    public Path write(Path folder, String name, List<Figure> pictures) {
        try {
            Files.createDirectories(folder);
            for (Figure each : pictures) {
                Files.writeString(folder.resolve(each.name() + ".svg"), each.svg(), StandardCharsets.UTF_8);
            }
            return Files.writeString(folder.resolve(name), html(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
