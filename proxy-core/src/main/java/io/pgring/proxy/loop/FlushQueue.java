package io.pgring.proxy.loop;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;

/**
 * Gathers writes over one turn of an event loop, so that many small messages leave in one system call.
 *
 * <p>A socket write costs several microseconds in the kernel and a message of the protocol next to nothing; so nobody
 * flushes on his own. Whoever has written joins this queue, and the queue flushes everybody once, in a task that the
 * loop runs after it has handled all the sockets that were ready.
 *
 * <p>Not thread-safe: belongs to its event loop.
 */
public final class FlushQueue {
    private final EventLoop loop;
    private final ArrayDeque<Flushable> dirty = new ArrayDeque<>();
    private final Runnable flush = this::flushAll;

    /** @param loop the event loop that the queue belongs to */
    public FlushQueue(EventLoop loop) {
        this.loop = loop;
    }

    /** The event loop that the queue belongs to. */
    public EventLoop loop() {
        return loop;
    }

    /** Asks for one {@link Flushable#flushGathered()} at the end of this turn. The caller sees to it that it joins once. */
    public void add(Flushable flushable) {
        assert loop.inEventLoop();
        if (dirty.isEmpty()) {
            loop.execute(flush);
        }
        dirty.add(flushable);
    }

    private void flushAll() {
        try {
            Flushable next;
            while ((next = dirty.poll()) != null) {
                next.flushGathered();
            }
        } finally {
            if (!dirty.isEmpty()) {
                loop.execute(flush);
            }
        }
    }
}
