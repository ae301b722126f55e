package io.pgring.proxy.app;

import io.netty.channel.EventLoop;
import io.pgring.pgwire.backend.NoticeResponse;
import io.pgring.proxy.distribution.DistributionProgress;
import io.pgring.proxy.exchange.TableControl;
import io.pgring.proxy.exchange.TableOrder;
import io.pgring.proxy.routing.TableVerb;

/** Tells a client how far its order has come, in the words of Citus, and stops when it is not wanted any more. */
final class OrderProgress implements DistributionProgress {
    private final TableOrder order;
    private final OrderedTable table;
    private final TableControl.Client client;
    private final EventLoop loop;

    OrderProgress(TableOrder order, OrderedTable table, TableControl.Client client, EventLoop loop) {
        this.order = order;
        this.table = table;
        this.client = client;
        this.loop = loop;
    }

    /** The client has asked to stop. */
    static final class Cancelled extends RuntimeException {}

    @Override
    public void onStep(Step step) {
        switch (step) {
            case DECLARED ->
                say(
                        order.verb() == TableVerb.UNDISTRIBUTE
                                ? "moving the data of " + table.schema() + "." + table.name()
                                : "Copying data from local table...");
            case COPIED -> {
                stopIfCancelled();
                say("copying the data has completed");
            }
            case DECIDED, CLEANED -> {}
        }
    }

    @Override
    public void onRows(String shard, long rows) {
        stopIfCancelled();
    }

    private void stopIfCancelled() {
        if (client.isCancelled()) {
            throw new Cancelled();
        }
    }

    private void say(String message) {
        if (table.notices()) {
            loop.execute(() -> client.onProgress(NoticeResponse.notice(message)));
        }
    }
}
