package io.pgring.proxy.recovery;

import java.time.Instant;

/**
 * A prepared part of a transaction that nobody can end yet.
 *
 * @param shard the name of the shard that has it
 * @param gid its name there, as in pg_prepared_xacts
 * @param decides the name of the shard whose log says what becomes of it
 * @param prepared when it was prepared, by the clock of its shard
 */
public record PartInDoubt(String shard, String gid, String decides, Instant prepared) {}
