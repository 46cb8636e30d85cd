package io.hopscope.traces;

import io.hopscope.encap.Prefix;

/** An IPv4 address or net of a filter: {@code 10.0.0.1}, {@code 10.0.0.0/8}, {@code 10.0.0.0 mask 255.0.0.0}, {@code 10.1}. */
record FilterAddress(int bits, int mask) {
    static FilterAddress read(FilterWords words, boolean net) {
        int start = words.mark();
        int[] parts = parts(words);
        long value = 0;
        for (int part : parts) {
            value = value << 8 | part;
        }
        int bits = (int) (value << 32 - 8 * parts.length);
        int mask = Prefix.mask(8 * parts.length);
        if (parts.length > 1 && words.take("/")) {
            mask = Prefix.mask(words.number(32, "a prefix length from 0 to 32"));
        } else if (net && words.take("mask")) {
            int[] of = parts(words);
            if (of.length != 4) {
                throw words.fault("a mask such as 255.0.0.0");
            }
            mask = of[0] << 24 | of[1] << 16 | of[2] << 8 | of[3];
        } else if (net) {
            // libpcap takes leading zeros off a short number.
            for (int i = 0; i < parts.length - 1 && parts[i] == 0; i++) {
                bits <<= 8;
                mask <<= 8;
            }
        }
        if ((bits & ~mask) != 0) {
            words.reset(start);
            throw words.fault("an address without bits behind its prefix");
        }
        return new FilterAddress(bits, mask);
    }

    private static int[] parts(FilterWords words) {
        String word = words.peek();
        if (!word.matches("[0-9]{1,3}(\\.[0-9]{1,3}){0,3}")) {
            throw words.fault("an IPv4 address");
        }
        String[] texts = word.split("\\.");
        int[] parts = new int[texts.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = Integer.parseInt(texts[i]);
            if (parts[i] > 255) {
                throw words.fault("an IPv4 address");
            }
        }
        words.poll();
        return parts;
    }
}
