package io.pgring.proxy.admin;

import io.netty.handler.codec.http.HttpMethod;
import io.pgring.proxy.backend.PoolUse;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code GET /metrics}: the numbers of this proxy in Prometheus' text format. Asks no shard. */
final class MetricsResource implements Resource {
    private static final long POOLS_MILLIS_MAX = 1_000;
    private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();

    private final ProxyStatus status;

    MetricsResource(ProxyStatus status) {
        this.status = status;
    }

    @Override
    public HttpMethod method() {
        return HttpMethod.GET;
    }

    @Override
    public String summary() {
        return "the same counts for Prometheus";
    }

    @Override
    public CompletableFuture<Answer> answer(Request request, Caller caller) {
        CompletableFuture<List<PoolUse>> use =
                status.poolUse().completeOnTimeout(List.of(), POOLS_MILLIS_MAX, TimeUnit.MILLISECONDS);
        return use.thenApply(uses -> Answer.ok(text(new MetricFamilies(status, uses).all())));
    }

    private static Text text(MetricSnapshots metrics) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            WRITER.write(out, metrics);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be written to", e);
        }
        return new Text(WRITER.getContentType(), out.toString(StandardCharsets.UTF_8));
    }
}
