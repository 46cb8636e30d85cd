package io.hopscope.core.qdisc;

/** What a queue discipline is to do. */
public sealed interface QdiscSpec permits FifoSpec, PrioSpec, TbfSpec, FqCodelSpec, NetemSpec {
    /** What tc calls it: {@code fq_codel}. */
    String kind();

    /**
     * @param handle its major number
     */
    Discipline make(Exit exit, int handle);
}
