package io.hopscope.devices.programs;

import io.hopscope.devices.HostFiles;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** A folder of a host, as servers see it. */
final class FileSite {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("txt", "text/plain"),
            Map.entry("html", "text/html"),
            Map.entry("htm", "text/html"),
            Map.entry("css", "text/css"),
            Map.entry("csv", "text/csv"),
            Map.entry("js", "text/javascript"),
            Map.entry("json", "application/json"),
            Map.entry("xml", "text/xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("zip", "application/zip"),
            Map.entry("gz", "application/gzip"),
            Map.entry("tar", "application/x-tar"));

    private final HostFiles files;
    private final String root;

    /**
     * @param root a folder; empty for all
     */
    FileSite(HostFiles files, String root) {
        this.files = files;
        this.root = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
    }

    /** The path without what stands behind a question mark or a hash. */
    static String path(String target) {
        return target.split("[?#]", 2)[0];
    }

    /** Null where there is none. */
    HostFiles.Content find(String path) {
        return files.find(root + path);
    }

    /** Whether there is anything below it. */
    boolean folder(String path) {
        String prefix = root + (path.endsWith("/") ? path : path + "/");
        return prefix.equals("/") || files.paths().stream().anyMatch(each -> each.startsWith(prefix));
    }

    /** What is in a folder, folders with a slash. */
    List<String> names(String folder) {
        String prefix = root + folder;
        TreeSet<String> names = new TreeSet<>();
        for (String each : files.paths()) {
            if (each.startsWith(prefix)) {
                String rest = each.substring(prefix.length());
                int slash = rest.indexOf('/');
                names.add(slash < 0 ? rest : rest.substring(0, slash + 1));
            }
        }
        return List.copyOf(names);
    }

    static String type(String path) {
        String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return path.indexOf('.') < 0
                ? "application/octet-stream"
                : TYPES.getOrDefault(extension, "application/octet-stream");
    }
}
