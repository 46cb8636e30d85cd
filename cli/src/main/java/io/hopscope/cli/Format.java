package io.hopscope.cli;

/** How results are printed. */
enum Format {
    TABLE,
    JSON
}
