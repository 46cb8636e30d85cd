package io.hopscope.scenarios;

import java.util.ArrayList;
import java.util.List;

/** Words of a text, and where each begins. */
final class Tokens {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final List<Integer> columns = new ArrayList<>();

    private Tokens(String text) {
        this.text = text;
    }

    static Tokens of(String text) {
        Tokens tokens = new Tokens(text);
        int at = 0;
        while (at < text.length()) {
            int begin = at;
            while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at > begin) {
                tokens.words.add(text.substring(begin, at));
                tokens.columns.add(begin);
            }
            at++;
        }
        return tokens;
    }

    List<String> words() {
        return words;
    }

    /** Offset of a word in the text, from 0; the text's end behind the last of them. */
    int column(int word) {
        return word < columns.size()
                ? columns.get(Math.max(0, word))
                : text.stripTrailing().length();
    }
}
