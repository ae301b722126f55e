package io.pgring.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file means, and the defaults of what it leaves out. */
class ConfigurationLoaderTest {
    private static final String ONE_SHARD = """
            shards:
              - name: shard-0
                host: db0.example
            """;

    @TempDir
    Path folder;

    private static final ShardConfiguration SHARD_A = new ShardConfiguration(
            "a", "/var/run/postgresql", 5433, "app_a", "proxy", "007", ShardTls.of(TlsMode.DISABLE), 3);

    @Test
    void everythingButTheShardsHasADefault() throws Exception {
        Configuration configuration = parse(ONE_SHARD);

        assertThat(configuration.listen()).isEqualTo(Listen.DEFAULT);
        assertThat(configuration.listen().postgresql()).hasToString("127.0.0.1:6432");
        assertThat(configuration.listen().http()).hasToString("127.0.0.1:8080");
        assertThat(configuration.database()).isEqualTo("postgres");
        assertThat(configuration.clients()).isEqualTo(Clients.DEFAULT);
        assertThat(configuration.shards())
                .containsExactly(new ShardConfiguration(
                        "shard-0", "db0.example", 5432, "postgres", "postgres", null, ShardTls.of(TlsMode.PREFER), 1));
        assertThat(configuration.tables()).isEmpty();
        assertThat(configuration.ring()).isEqualTo(RingConfiguration.DEFAULT);
        assertThat(configuration.pool()).isEqualTo(PoolConfiguration.DEFAULT);
        assertThat(configuration.limits()).isEqualTo(Limits.DEFAULT);
        assertThat(configuration.threads()).isZero();
    }

    @Test
    void everyKeyIsRead() throws Exception {
        Configuration configuration = parse("""
                listen:
                  postgresql: "[::1]:0"
                  http: 9090
                database: app
                clients: {authentication: scram-sha-256, usersFile: users.txt, trustBeyondLoopback: false}
                shards:
                  - {name: a, host: /var/run/postgresql, port: 5433, database: app_a, user: proxy, password: "007",
                     tls: disable, weight: 3}
                tables:
                  - {name: KV, keyColumn: Key}
                  - {name: 'Sales."Odd ""Name"', keyColumn: '"Id"'}
                  - {name: Countries, reference: true}
                ring: {pointsPerWeight: 64}
                pool:
                  connectionsPerShardMax: 1
                  queueLengthMax: 2
                  queueWaitMillisMax: 3_000
                  connectMillisMax: 4
                  idleMillisMax: 0
                  lifetimeMillisMax: 6
                  healthCheckMillis: 700
                  preparedStatementsMax: 8
                  mode: session
                  users: {web: transaction}
                limits:
                  clientsMax: 1
                  messageBytesMax: 65536
                  loginMillisMax: 3
                  httpBodyBytesMax: 4096
                  planCacheEntriesMax: 5
                  statementsPerClientMax: 6
                  notificationBytesMax: 20000
                moves: {rowsPerSecondMax: 5000, pauseMillisMax: 200}
                threads: 2
                """);

        assertThat(configuration)
                .isEqualTo(new Configuration(
                        new Listen(new Endpoint("::1", 0), new Endpoint("127.0.0.1", 9090)),
                        "app",
                        new Clients(AuthenticationMethod.SCRAM_SHA_256, folder.resolve("users.txt"), false),
                        List.of(SHARD_A),
                        List.of(
                                new TableConfiguration("public", "kv", "key"),
                                new TableConfiguration("sales", "Odd \"Name", "Id"),
                                new TableConfiguration("public", "countries", null)),
                        new RingConfiguration(64),
                        new PoolConfiguration(1, 2, 3000, 4, 0, 6, 700, 8),
                        new PoolModes(PoolMode.SESSION, Map.of("web", PoolMode.TRANSACTION)),
                        new Limits(1, 65536, 3, 4096, 5, 6, 20000),
                        new MovesConfiguration(5000, 200),
                        2));
        assertThat(configuration.shards().get(0).isUnixDomainSocket()).isTrue();
    }

    @Test
    void shardsUseTheDatabaseOfTheClientsUnlessTheyNameTheirOwn() throws Exception {
        assertThat(parse("database: app\n" + ONE_SHARD).shards().get(0).database())
                .isEqualTo("app");
    }

    @Test
    void passwordsComeFromTheEnvironmentOrAFileAndAreNeverShown() throws Exception {
        Files.writeString(folder.resolve("secret.txt"), "from file\n");

        Configuration fromEnvironment = parse(ONE_SHARD + "    passwordEnv: PGRING_PASSWORD\n");
        Configuration fromFile = parse(ONE_SHARD + "    passwordFile: secret.txt\n");

        assertThat(fromEnvironment.shards().get(0).password()).isEqualTo("from environment");
        assertThat(fromFile.shards().get(0).password()).isEqualTo("from file");
        assertThat(fromFile.toString()).contains("shard-0").doesNotContain("from file");
    }

    @Test
    void emptySectionsAreLikeSectionsLeftOut() throws Exception {
        assertThat(parse("listen:\npool:\ntables:\nclients: {}\ndatabase:\n" + ONE_SHARD))
                .isEqualTo(parse(ONE_SHARD));
    }

    @Test
    void tlsHasKeysForClientsAndForEachShard() throws Exception {
        Configuration configuration = parse("""
                listen:
                  tls:
                    mode: verify-full
                    certificate: proxy.crt
                    key: proxy.key
                    clientCa: ca.crt
                    protocolVersionMin: TLSv1.3
                    ciphers: TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384
                """ + ONE_SHARD + """
                    tls: verify-ca
                    tlsRootCertificate: root.crt
                    tlsCertificate: client.crt
                    tlsKey: client.key
                    tlsNegotiation: direct
                    channelBinding: require
                """);

        assertThat(configuration.listen().tls())
                .isEqualTo(new ListenTls(
                        TlsMode.VERIFY_FULL,
                        folder.resolve("proxy.crt"),
                        folder.resolve("proxy.key"),
                        folder.resolve("ca.crt"),
                        TlsVersion.TLS_1_3,
                        List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384")));
        assertThat(configuration.shards().get(0).tls())
                .isEqualTo(new ShardTls(
                        TlsMode.VERIFY_CA,
                        folder.resolve("root.crt"),
                        folder.resolve("client.crt"),
                        folder.resolve("client.key"),
                        TlsNegotiation.DIRECT,
                        ChannelBindingMode.REQUIRE));
    }

    @Test
    void aCertificateIsNamedToBeUsed() throws Exception {
        assertThat(parse("listen: {tls: {certificate: a.crt, key: a.key}}\n" + ONE_SHARD)
                        .listen()
                        .tls()
                        .mode())
                .isEqualTo(TlsMode.PREFER);
        assertThat(parse(ONE_SHARD).listen().tls()).isEqualTo(ListenTls.DISABLED);
    }

    @Test
    void aFileIsLoadedAndAMissingOneIsNamed() throws Exception {
        Path file = folder.resolve("pgring.yaml");
        ConfigurationException missing =
                catchThrowableOfType(ConfigurationException.class, () -> ConfigurationLoader.load(file));
        Files.writeString(file, ONE_SHARD);

        assertThat(ConfigurationLoader.load(file)).isEqualTo(parse(ONE_SHARD));
        assertThat(missing).hasMessage(file + ": there is no such file");
    }

    private Configuration parse(String yaml) throws ConfigurationException {
        return ConfigurationLoader.parse(
                folder.resolve("pgring.yaml"), yaml, Map.of("PGRING_PASSWORD", "from environment"));
    }
}
