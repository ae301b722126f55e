package io.pgring.it.applications;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An entity with a version, in a table that is sharded by its id; its author may be on another shard. */
@Entity
@Table(name = "books")
class Book {
    @Id
    private long id;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "author")
    private @Nullable Author author;

    private String title = "";

    private BigDecimal price = BigDecimal.ZERO;

    @Version
    private int version;

    Book() {}

    Book(long id, Author author, String title, BigDecimal price) {
        this.id = id;
        this.author = author;
        this.title = title;
        this.price = price;
    }

    long id() {
        return id;
    }

    Author author() {
        return Objects.requireNonNull(author);
    }

    String title() {
        return title;
    }

    BigDecimal price() {
        return price;
    }

    void price(BigDecimal another) {
        price = another;
    }

    int version() {
        return version;
    }
}
