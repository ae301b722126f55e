package io.pgring.it.applications;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An entity in a table that is sharded by its id. */
@Entity
@Table(name = "authors")
class Author {
    @Id
    private long id;

    private String name = "";

    Author() {}

    Author(long id, String name) {
        this.id = id;
        this.name = name;
    }

    long id() {
        return id;
    }

    String name() {
        return name;
    }

    void name(String another) {
        name = another;
    }
}
