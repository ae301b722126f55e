package io.pgring.it.gather;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import io.pgring.proxy.config.TableConfiguration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Constraints that a shard can keep by itself, and those that it can't. */
@ExtendWith(SharedServers.class)
class ConstraintsIT {
    private final Servers servers;

    private final WatchedServers watched;

    ConstraintsIT(Servers servers) {
        this.servers = servers;
        this.watched = new WatchedServers(
                servers,
                List.of(
                        TableConfiguration.parse("users", "id"),
                        TableConfiguration.parse("posts", "user_id"),
                        TableConfiguration.parseReference("countries")));
    }

    @BeforeEach
    void tables() throws Exception {
        servers.execute(0, """
                DROP SCHEMA public CASCADE; CREATE SCHEMA public;
                CREATE TABLE countries (code text PRIMARY KEY, name text UNIQUE);
                CREATE TABLE users (id bigint PRIMARY KEY, mail text, country text REFERENCES countries);
                CREATE TABLE posts (user_id integer REFERENCES users, n integer, PRIMARY KEY (user_id, n));
                CREATE TABLE notes (id bigint PRIMARY KEY, country text REFERENCES countries ON DELETE CASCADE)
                """);
    }

    private List<String> problems() {
        return watched.inspect(0).problems();
    }

    @Test
    void keysToReferenceTablesAndBetweenKeyColumnsAreKept() {
        assertThat(problems()).isEmpty();
        assertThat(watched.catalog(0).references())
                .extracting(table -> table.qualifiedName())
                .containsExactly("public.countries");
        assertThat(watched.catalog(0).hiding()).isEmpty();
    }

    @Test
    void aUniqueConstraintNeedsTheKeyColumn() throws Exception {
        servers.execute(
                0,
                "ALTER TABLE users ADD CONSTRAINT one_mail UNIQUE (mail), ADD UNIQUE (mail, id);"
                        + " CREATE UNIQUE INDEX lower_mail ON users ((id + 1));"
                        + " ALTER TABLE posts DROP CONSTRAINT posts_pkey, ADD PRIMARY KEY (n)");

        assertThat(problems())
                .satisfiesExactlyInAnyOrder(
                        problem -> assertThat(problem)
                                .startsWith(
                                        "table public.users: unique index one_mail does not compare the key column id"),
                        problem -> assertThat(problem).startsWith("table public.users: unique index lower_mail"),
                        problem -> assertThat(problem).startsWith("table public.posts: primary key posts_pkey"));
    }

    @Test
    void anExclusionConstraintNeedsTheKeyColumnByEquality() throws Exception {
        servers.execute(0, """
                ALTER TABLE users ADD during int4range, ADD CONSTRAINT apart EXCLUDE USING gist (during WITH &&),
                    ADD CONSTRAINT other EXCLUDE USING btree (id WITH =)
                """);

        assertThat(problems()).singleElement().asString().contains("exclusion constraint apart");
    }

    @Test
    void aForeignKeyMustJoinTheKeyColumns() throws Exception {
        servers.execute(0, """
                CREATE UNIQUE INDEX mails ON users (id, mail); ALTER TABLE users ADD UNIQUE (mail);
                ALTER TABLE posts ADD mail text CONSTRAINT by_mail REFERENCES users (mail)
                """);

        assertThat(problems())
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("table public.posts: foreign key by_mail does not join the key columns"));
    }

    @Test
    void aForeignKeyMustNotCrossServers() throws Exception {
        servers.execute(0, """
                ALTER TABLE notes ADD CONSTRAINT to_sharded FOREIGN KEY (id) REFERENCES users;
                ALTER TABLE countries ADD note bigint CONSTRAINT to_home REFERENCES notes;
                ALTER TABLE users ADD note bigint CONSTRAINT from_sharded REFERENCES notes
                """);

        assertThat(problems())
                .anySatisfy(problem -> assertThat(problem)
                        .contains("to_home goes from reference table public.countries to unsharded table public.notes"))
                .anySatisfy(
                        problem -> assertThat(problem).contains("from_sharded goes from sharded table public.users"))
                .hasSize(2);
        assertThat(Objects.requireNonNull(watched.inspect(0).catalog()).hiding())
                .singleElement()
                .matches(hiding -> hiding.name().equals("notes"));
    }

    @Test
    void aForeignKeyMustNotChangeTheKey() throws Exception {
        servers.execute(
                0,
                "ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey,"
                        + " ADD CONSTRAINT emptied FOREIGN KEY (user_id) REFERENCES users ON DELETE SET DEFAULT");

        assertThat(problems()).singleElement().asString().contains("foreign key emptied would set the key column");
    }

    @Test
    void partitionsGoWithTheirTable() throws Exception {
        servers.execute(0, """
                DROP TABLE posts; CREATE TABLE posts (user_id integer, n integer) PARTITION BY RANGE (n);
                CREATE TABLE posts_0 PARTITION OF posts FOR VALUES FROM (0) TO (10);
                """);

        assertThat(problems()).isEmpty();
        assertThat(watched.catalog(0).hiding())
                .singleElement()
                .matches(hiding -> hiding.name().equals("posts_0"));

        servers.execute(0, "ALTER TABLE posts_0 ADD CONSTRAINT alone UNIQUE (n)");
        assertThat(problems()).singleElement().asString().contains("table public.posts_0: unique index alone");
    }

    @Test
    void aPartOfAnUnshardedTableIsNotSharded() throws Exception {
        servers.execute(0, """
                DROP TABLE posts; CREATE TABLE all_posts (user_id integer, n integer) PARTITION BY RANGE (n);
                CREATE TABLE posts PARTITION OF all_posts FOR VALUES FROM (0) TO (10);
                """);

        assertThat(problems()).singleElement().asString().contains("table public.posts inherits from public.all_posts");
    }

    @Test
    void whatReadsOrWritesAReferenceTableOnOneServerIsKnown() throws Exception {
        servers.execute(0, """
                CREATE FUNCTION rename(c text) RETURNS void LANGUAGE sql AS 'UPDATE countries SET name = c';
                CREATE VIEW names AS SELECT name FROM countries;
                """);

        assertThat(watched.catalog(0).hidingFunctions()).containsKey("rename");
        assertThat(watched.catalog(0).hiding())
                .singleElement()
                .matches(hiding -> hiding.name().equals("names"));
    }
}
