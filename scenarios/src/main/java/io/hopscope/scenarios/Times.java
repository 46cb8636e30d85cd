package io.hopscope.scenarios;

/** Times as people write them. */
public final class Times {
    private Times() {}

    /**
     * @param text {@code 100ms}
     * @return picoseconds
     * @throws IllegalArgumentException if it is no time
     */
    public static long picoseconds(String text) {
        return Units.time(text);
    }
}
