package io.hopscope.traces;

/** A file is no capture, or a broken one: says at which byte, what was found and what was expected. */
public final class CaptureFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CaptureFormatException(long offset, String found, String expected) {
        super("byte " + offset + ": found " + found + ", expected " + expected);
    }
}
