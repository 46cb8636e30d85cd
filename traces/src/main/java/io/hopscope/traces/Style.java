package io.hopscope.traces;

/** How text is set off on a terminal; plain text goes elsewhere. */
public interface Style {
    Style PLAIN = new Style() {
        @Override
        public String strong(String text) {
            return text;
        }

        @Override
        public String faint(String text) {
            return text;
        }

        @Override
        public String good(String text) {
            return text;
        }

        @Override
        public String bad(String text) {
            return text;
        }
    };

    /** ANSI colours. */
    Style ANSI = new Style() {
        private String in(String code, String text) {
            return "\u001b[" + code + "m" + text + "\u001b[0m";
        }

        @Override
        public String strong(String text) {
            return in("1", text);
        }

        @Override
        public String faint(String text) {
            return in("2", text);
        }

        @Override
        public String good(String text) {
            return in("32", text);
        }

        @Override
        public String bad(String text) {
            return in("1;31", text);
        }
    };

    String strong(String text);

    String faint(String text);

    String good(String text);

    String bad(String text);
}
