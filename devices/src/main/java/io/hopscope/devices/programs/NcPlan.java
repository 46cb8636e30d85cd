package io.hopscope.devices.programs;

import io.hopscope.devices.Task;
import io.hopscope.protocols.dns.Resolver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What an nc is asked to do. */
final class NcPlan {
    boolean listens;
    /** -k: one connection after the other. */
    boolean again;

    /** -u: UDP. */
    boolean datagrams;

    boolean verbose;
    boolean scans;
    /** -n: no names, neither of hosts nor of services. */
    boolean numeric;

    /** -N: the end of the input is the end of what is sent. */
    boolean shuts;
    /** Without a time. */
    static final long NEVER = -1;

    long patience = NEVER;
    long quit = NEVER;
    int localPort;
    int source;
    String host;
    int address;
    int firstPort;
    int lastPort;
    byte[] input = {};

    /** Returns what is wrong, or null. */
    String read(Task task) {
        List<String> left = new ArrayList<>(task.arguments());
        String fault = redirection(left);
        Words words = new Words(left);
        for (char option = words.option(); option != 0 && fault == null; option = words.option()) {
            fault = read(option, words, task);
        }
        return fault != null ? fault : operands(words, task);
    }

    /** A here-string of bash ends in a new line. */
    private String redirection(List<String> words) {
        int at = words.indexOf("<<<");
        if (at < 0) {
            return null;
        }
        if (at + 1 >= words.size()) {
            return "<<< without a text";
        }
        input = (words.get(at + 1) + "\n").getBytes(StandardCharsets.UTF_8);
        words.subList(at, at + 2).clear();
        return null;
    }

    private String read(char option, Words words, Task task) {
        switch (option) {
            case 'l' -> listens = true;
            case 'k' -> again = true;
            case 'u' -> datagrams = true;
            case 'v' -> verbose = true;
            case 'z' -> scans = true;
            case 'N' -> shuts = true;
            case 'n' -> numeric = true;
            case '4', 't' -> {}
            case 'p' -> {
                Long number = words.number(1, 65535);
                localPort = number == null ? 0 : number.intValue();
                return number == null ? "port number invalid: " + words.read() : null;
            }
            case 'w', 'q' -> {
                Long time = words.seconds();
                if (time == null) {
                    return (option == 'w' ? "timeout" : "quit timer") + " invalid: " + words.read();
                }
                patience = option == 'w' ? time : patience;
                quit = option == 'q' ? time : quit;
            }
            case 's' -> {
                Integer found = Words.address(task, String.valueOf(words.argument()));
                source = found == null ? 0 : found;
                return found == null ? "unknown source address: " + words.read() : null;
            }
            default -> {
                return "invalid option -- '" + option + "'";
            }
        }
        return null;
    }

    private String operands(Words words, Task task) {
        String first = words.next();
        String second = words.next();
        if (words.more()) {
            return "one host and one port, and not also " + words.next();
        }
        if (listens) {
            // nc -l 80, nc -l -p 80, nc -l HOST 80
            String port = second != null ? second : localPort != 0 ? null : first;
            host = port == first || first == null ? null : first;
            return port == null && localPort == 0 ? "a port is missing" : listening(port, task);
        }
        if (again) {
            return "must use -l with -k";
        }
        host = first;
        if (second == null) {
            return first == null ? "a host and a port are missing" : "a port is missing";
        }
        return ports(second);
    }

    /** What is said where nobody is called like the host. */
    String unknown(Resolver.Outcome why) {
        String port = firstPort == lastPort ? "" + firstPort : firstPort + "-" + lastPort;
        return "getaddrinfo for host \"" + host + "\" port " + port + ": " + why.text();
    }

    /** Whether the host is called by a name, and not by its address. */
    boolean named() {
        return !Lookup.numeric(host);
    }

    private String listening(String port, Task task) {
        if (host != null) {
            Integer found = Words.address(task, host);
            if (found == null) {
                return "getaddrinfo: Name or service not known";
            }
            address = found;
        }
        String fault = port == null ? null : ports(port);
        localPort = port == null ? localPort : firstPort;
        return fault;
    }

    private String ports(String text) {
        int dash = text.indexOf('-');
        firstPort = number(dash < 0 ? text : text.substring(0, dash));
        lastPort = dash < 0 ? firstPort : number(text.substring(dash + 1));
        return firstPort < 1 || lastPort < firstPort ? "port number invalid: " + text : null;
    }

    private static int number(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) < 65536 ? Integer.parseInt(text) : -1;
    }
}
