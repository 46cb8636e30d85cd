package io.hopscope.scenarios;

/**
 * A place in a file, as compilers name it.
 *
 * @param line counted from 1; 0 where there is no file
 * @param column counted from 1
 */
public record Where(String file, int line, int column) {
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
