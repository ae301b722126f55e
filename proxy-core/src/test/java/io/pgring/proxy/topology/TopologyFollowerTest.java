package io.pgring.proxy.topology;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pgring.hashring.Ring;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationLoader;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TopologyFollowerTest {
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(TopologyFollower.class);

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(logged);
    }

    @Test
    void whyItCanNotFollowIsSaidOnceForEachReason() throws Exception {
        Configuration configuration = ConfigurationLoader.parse(
                Path.of("pgring.yaml"), "shards: [{name: a, host: one}, {name: b, host: two}]\n", Map.of());
        List<Shard> shards = List.of(
                new Shard(0, configuration.shards().get(0)),
                new Shard(1, configuration.shards().get(1)));
        Ring ring = configuration.ring().of(configuration.shards());
        TopologyView view = new TopologyView(new Topology(
                1,
                new Placement(5, shards, ring, List.of()),
                new Catalog(List.of(), List.of(), Map.of()),
                Gathering.unavailable("The test does not gather."),
                List.of()));
        List<String> reasons = List.of("no route", "no route", "no certificate", "no certificate");
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(reasons.size() + 1);
        ShardAccess access = (shard, pool) -> {
            all.countDown();
            int attempt = attempts.getAndIncrement();
            throw new SQLException(reasons.get(Math.min(attempt, reasons.size() - 1)));
        };

        try (TopologyFollower follower = new TopologyFollower(configuration, view, access, next -> {}, Thread::new)) {
            follower.start();
            assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(logged.list)
                .filteredOn(event -> event.getLevel() == Level.WARN)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "the topology can't be followed, it stays as it is version=5 reason=\"no route\"",
                        "the topology can't be followed, it stays as it is version=5 reason=\"no certificate\"");
    }
}
