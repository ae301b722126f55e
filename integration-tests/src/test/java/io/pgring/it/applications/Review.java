package io.pgring.it.applications;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;

/** An entity that lies with its book. */
@Entity
@Table(name = "reviews")
@IdClass(Review.Key.class)
class Review {
    @Id
    private long book;

    @Id
    private int number;

    private int stars;

    /** The book, and which of its reviews. */
    record Key(long book, int number) implements Serializable {}

    Review() {}

    Review(long book, int number, int stars) {
        this.book = book;
        this.number = number;
        this.stars = stars;
    }

    long book() {
        return book;
    }

    int number() {
        return number;
    }

    int stars() {
        return stars;
    }
}
