package io.hopscope.scenarios;

/** Expands a big structure from a few parameters. Presence on the class path (ServiceLoader) is registration. */
interface Blueprint {
    String name();

    /** One line for {@code hopscope list}. */
    String summary();

    /** Its parameters, {@code kind} among them. */
    Keys keys();

    /** Adds nodes and links; what is wrong goes to the expansion's problems. */
    void expand(Value parameters, Expansion into);
}
