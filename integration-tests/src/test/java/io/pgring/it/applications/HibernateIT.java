package io.pgring.it.applications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgring.it.support.Cluster;
import io.pgring.it.support.Servers;
import io.pgring.it.support.SharedServers;
import jakarta.persistence.OptimisticLockException;
import java.math.BigDecimal;
import java.util.List;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hibernate ORM on sharded tables: books and their reviews by the book, authors by themselves. */
@ExtendWith(SharedServers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HibernateIT {
    private static final int AUTHORS = 7;
    private static final int BOOKS = 210;
    private static final int REVIEWS_PER_BOOK = 3;

    private static final String TABLES = """
            DROP TABLE IF EXISTS authors, books, reviews;
            CREATE TABLE authors (id bigint PRIMARY KEY, name text NOT NULL);
            CREATE TABLE books (id bigint PRIMARY KEY, author bigint, title text, price numeric(10,2), version int NOT NULL);
            CREATE TABLE reviews (book bigint, number int, stars int NOT NULL, PRIMARY KEY (book, number));
            """;

    private final Servers servers;
    private final Cluster cluster;
    private final SessionFactory sessions;

    HibernateIT(Servers servers) throws Exception {
        this.servers = servers;
        this.cluster = Cluster.start(plan -> plan.on(servers)
                .threads(1)
                .everywhere(TABLES)
                .table("authors", "id", "")
                .table("books", "id", "")
                .table("reviews", "book", ""));
        this.sessions = new Configuration()
                .addAnnotatedClass(Author.class)
                .addAnnotatedClass(Book.class)
                .addAnnotatedClass(Review.class)
                .setProperty("hibernate.connection.url", cluster.jdbcUrl() + "&reWriteBatchedInserts=true")
                .setProperty("hibernate.jdbc.batch_size", "30")
                .setProperty("hibernate.order_inserts", "true")
                .setProperty("hibernate.order_updates", "true")
                .buildSessionFactory();
    }

    @AfterAll
    void stop() throws Exception {
        sessions.close();
        cluster.close();
        servers.executeEverywhere("DROP TABLE authors, books, reviews");
    }

    @BeforeEach
    void library() throws Exception {
        servers.executeEverywhere("TRUNCATE authors, books, reviews");
        sessions.inTransaction(session -> {
            for (long id = 1; id <= AUTHORS; id++) {
                session.persist(new Author(id, "Author " + id));
            }
            for (long id = 1; id <= BOOKS; id++) {
                Author author = session.getReference(Author.class, id % AUTHORS + 1);
                session.persist(new Book(id, author, "Book " + id, BigDecimal.valueOf(id, 2)));
                for (int number = 1; number <= REVIEWS_PER_BOOK; number++) {
                    session.persist(new Review(id, number, (int) (id + number) % 5 + 1));
                }
            }
        });
    }

    @Test
    void batchesOfRowsAreStoredOnAllShards() throws Exception {
        long stored = 0;
        for (int shard = 0; shard < cluster.shardCount(); shard++) {
            long here = Long.parseLong(servers.value(shard, "SELECT count(*) FROM reviews"));
            assertThat(here).isPositive();
            stored += here;
        }
        assertThat(stored).isEqualTo((long) BOOKS * REVIEWS_PER_BOOK);
    }

    @Test
    void entitiesAreFoundChangedAndRemoved() {
        sessions.inTransaction(session -> {
            Book book = session.find(Book.class, 42L);
            assertThat(book.author().name()).isEqualTo("Author 1");
            book.price(new BigDecimal("99.90"));
            session.remove(session.find(Book.class, 43L));
            session.find(Author.class, 3L).name("Renamed");
        });
        sessions.inTransaction(session -> {
            assertThat(session.find(Book.class, 42L).price()).isEqualByComparingTo("99.90");
            assertThat(session.find(Book.class, 43L)).isNull();
            assertThat(session.find(Author.class, 3L).name()).isEqualTo("Renamed");
            assertThat(count(session, "from Book")).isEqualTo(BOOKS - 1);
        });
    }

    @Test
    void whatIsRolledBackHasNotHappened() {
        assertThatThrownBy(() -> sessions.inTransaction(session -> {
                    for (long id = 1; id <= 20; id++) {
                        session.find(Book.class, id).price(BigDecimal.ZERO);
                    }
                    session.flush();
                    throw new IllegalStateException("undo");
                }))
                .hasMessage("undo");
        long changed = sessions.fromTransaction(session -> count(session, "from Book where price = 0"));
        assertThat(changed).isZero();
    }

    @Test
    void aStaleVersionIsNoticed() {
        try (Session first = sessions.openSession()) {
            first.beginTransaction();
            first.find(Book.class, 7L).price(BigDecimal.ONE);
            sessions.inTransaction(second -> second.find(Book.class, 7L).price(BigDecimal.TEN));
            assertThatThrownBy(first::flush).isInstanceOf(OptimisticLockException.class);
            first.getTransaction().rollback();
        }
    }

    @Test
    void queriesWithJoinsAndAggregates() {
        sessions.inTransaction(session -> {
            List<Object[]> perAuthor = session.createQuery(
                            "select a.name, count(b), sum(b.price), avg(b.price) from Book b join b.author a"
                                    + " group by a.name having count(b) > 1 order by a.name",
                            Object[].class)
                    .getResultList();
            assertThat(perAuthor).hasSize(AUTHORS);
            assertThat(perAuthor.get(0)[1]).isEqualTo((long) BOOKS / AUTHORS);

            List<Object[]> best = session.createQuery(
                            "select b.title, avg(r.stars), max(r.number) from Book b join Review r on r.book = b.id"
                                    + " where b.price < :price group by b.id, b.title order by avg(r.stars) desc, b.id",
                            Object[].class)
                    .setParameter("price", new BigDecimal("1.00"))
                    .getResultList();
            assertThat(best).hasSize(99);
            assertThat(count(session, "from Book b where exists (from Review r where r.book = b.id and r.stars = 5)"))
                    .isEqualTo(BOOKS
                            - count(
                                    session,
                                    "from Book b where not exists"
                                            + " (from Review r where r.book = b.id and r.stars = 5)"));
            long authors = session.createQuery("select count(distinct b.author.id) from Book b", Long.class)
                    .getSingleResult();
            assertThat(authors).isEqualTo(AUTHORS);
        });
    }

    @Test
    void pagesOfEntitiesWithTheirAssociations() {
        sessions.inTransaction(session -> {
            for (int page = 0; page < 10; page++) {
                List<Book> books = session.createQuery(
                                "from Book b join fetch b.author order by b.price desc", Book.class)
                        .setFirstResult(page * 21)
                        .setMaxResults(21)
                        .getResultList();
                assertThat(books).hasSize(21);
                assertThat(books.get(0).id()).isEqualTo(BOOKS - page * 21L);
                assertThat(books).allMatch(book -> book.author().name().startsWith("Author"));
            }
        });
    }

    @Test
    void bulkStatementsChangeRowsOnAllShards() {
        int changed = sessions.fromTransaction(
                session -> session.createMutationQuery("update Book set price = price * 2 where price >= 1.00")
                        .executeUpdate());
        assertThat(changed).isEqualTo(BOOKS - 99);
        int deleted =
                sessions.fromTransaction(session -> session.createMutationQuery("delete from Review where stars < 3")
                        .executeUpdate());
        long left = sessions.fromTransaction(session -> count(session, "from Review"));
        assertThat(deleted).isPositive();
        assertThat(left).isEqualTo((long) BOOKS * REVIEWS_PER_BOOK - deleted);
    }

    private static long count(Session session, String from) {
        return session.createQuery("select count(*) " + from, Long.class).getSingleResult();
    }
}
