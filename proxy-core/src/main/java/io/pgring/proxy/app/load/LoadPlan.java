package io.pgring.proxy.app.load;

import java.util.Map;

/**
 * What a load does: writes every key once, then visits the keys again, to read and check them or to write them anew.
 *
 * @param url of PostgreSQL JDBC
 * @param properties of the connection, such as user and password; may be empty
 * @param table a table {@code (key text primary key, value text)}, as written in SQL
 * @param prefix what keys begin with; a number follows
 * @param keys how many keys
 * @param clients connections, and threads
 * @param readRatio part of the second visits that read, 0 to 1
 * @param secondsMax how long to go on visiting keys; 0 to visit each once
 * @param valueBytes least length of a value
 * @param seed makes the values of this run differ from those of others
 */
public record LoadPlan(
        String url,
        Map<String, String> properties,
        String table,
        String prefix,
        int keys,
        int clients,
        double readRatio,
        int secondsMax,
        int valueBytes,
        long seed) {
    public LoadPlan {
        properties = Map.copyOf(properties);
    }

    /** The key with this number, from 0 to {@link #keys} - 1. */
    public String key(int number) {
        return prefix + number;
    }

    /** The value that the key has after being written this many times: no other key, run or time has the same. */
    String value(int number, int version) {
        StringBuilder value = new StringBuilder(valueBytes + 48)
                .append(key(number))
                .append(" version ")
                .append(version)
                .append(" run ")
                .append(seed);
        while (value.length() < valueBytes) {
            value.append('.');
        }
        return value.toString();
    }
}
