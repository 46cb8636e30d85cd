package io.hopscope.core;

/** Hopscope itself is wrong. Says where and when, and shows the frame. */
public final class Bug extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Bug(String message, Throwable cause) {
        super(message, cause);
    }
}
