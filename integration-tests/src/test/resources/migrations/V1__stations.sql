CREATE TABLE stations (id bigint PRIMARY KEY, name text NOT NULL);
