package io.hopscope.core.qdisc;

/** Which frames are lost: each by itself, or in bursts by a Markov chain (netem's models). Probabilities in parts of 2^32 - 1. */
public sealed interface Loss {
    Loss NONE = new Random(Chance.NEVER);

    /** Each with the same chance. */
    record Random(Chance chance) implements Loss {}

    /**
     * Gilbert-Elliott: a good and a bad state.
     *
     * @param p from good to bad
     * @param r from bad to good
     * @param bad loss while bad, tc's 1-h
     * @param good loss while good, tc's 1-k
     */
    record GilbertElliott(long p, long r, long bad, long good) implements Loss {}

    /**
     * The four states of Salsano, Ludovici and Ordine: received and lost in a gap, received and lost in a burst.
     *
     * @param p13 from a gap into a burst
     * @param p31 back
     * @param p32 from lost to received within a burst
     * @param p23 back
     * @param p14 a single loss within a gap
     */
    record FourStates(long p13, long p31, long p32, long p23, long p14) implements Loss {}

    /** What one of the models has come to. */
    final class State {
        private static final int GAP = 0;
        private static final int BURST = 1;
        private static final int BURST_LOSS = 2;
        private static final int GAP_LOSS = 3;

        private int state;

        boolean loses(Loss model, Dice dice) {
            if (model instanceof Random random) {
                return dice.hits(random.chance);
            } else if (model instanceof GilbertElliott two) {
                return two(two, dice);
            }
            return four((FourStates) model, dice.draw());
        }

        /** The chain moves with each frame, whose fate is that of the state it found. */
        private boolean two(GilbertElliott model, Dice dice) {
            boolean bad = state != GAP;
            if (dice.draw() < (bad ? model.r : model.p)) {
                state = bad ? GAP : BURST;
            }
            long chance = bad ? model.bad : model.good;
            return chance == Chance.ALWAYS || dice.draw() < chance;
        }

        private boolean four(FourStates model, long drawn) {
            switch (state) {
                case GAP -> {
                    boolean single = drawn < model.p14;
                    boolean burst = !single && drawn < model.p14 + model.p13;
                    state = single ? GAP_LOSS : burst ? BURST_LOSS : GAP;
                    return single || burst;
                }
                case BURST -> {
                    boolean lost = drawn < model.p23;
                    state = lost ? BURST_LOSS : BURST;
                    return lost;
                }
                case BURST_LOSS -> {
                    boolean stays = drawn >= model.p32 + model.p31;
                    state = stays ? BURST_LOSS : drawn < model.p32 ? BURST : GAP;
                    return stays;
                }
                default -> {
                    state = GAP;
                    return false;
                }
            }
        }

        void reset() {
            state = GAP;
        }
    }
}
