package io.pgring.proxy.topology;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The object identifiers of a shard and those that clients see, which are the home shard's: a client that has read pg_type knows no others.
 * What PostgreSQL comes with has the same everywhere. Immutable.
 */
public final class ShardOids {
    /** Of the home shard itself. */
    static final ShardOids HOME = new ShardOids(true, OidMap.EMPTY, OidMap.EMPTY, OidMap.EMPTY, Map.of(), Map.of());

    /** Of a shard that has not been read yet: nothing of its users' has a counterpart. */
    static final ShardOids UNREAD = new ShardOids(false, OidMap.EMPTY, OidMap.EMPTY, OidMap.EMPTY, Map.of(), Map.of());

    /** FirstNormalObjectId (transam.h). */
    private static final int FIRST_OF_USERS = 16_384;

    private static final int RECORD = 2249;
    private static final int RECORD_ARRAY = 2287;
    private static final TypeComposition OF_RECORD = new TypeComposition.Composite();
    private static final TypeComposition OF_RECORDS = new TypeComposition.Array(RECORD);

    private final boolean home;
    private final OidMap typesToHome;
    private final OidMap typesToShard;
    private final OidMap tablesToHome;
    private final Map<String, Integer> names;
    private final Map<Integer, TypeComposition> composition;

    private ShardOids(
            boolean home,
            OidMap typesToHome,
            OidMap typesToShard,
            OidMap tablesToHome,
            Map<String, Integer> names,
            Map<Integer, TypeComposition> composition) {
        this.home = home;
        this.names = Map.copyOf(names);
        this.typesToHome = typesToHome;
        this.typesToShard = typesToShard;
        this.tablesToHome = tablesToHome;
        this.composition = Map.copyOf(composition);
    }

    /** Of what has the same name on both. */
    static ShardOids between(ServerOids home, ServerOids shard) {
        return new ShardOids(
                false,
                OidMap.between(shard.types(), home.types()),
                OidMap.between(home.types(), shard.types()),
                OidMap.between(shard.tables(), home.tables()),
                shard.types(),
                shard.composition());
    }

    /** Whether all are as clients see them. */
    public boolean isHome() {
        return home;
    }

    /** Whether a type or table is one of a user's. */
    private static boolean isOfUser(int oid) {
        return Integer.compareUnsigned(oid, FIRST_OF_USERS) >= 0;
    }

    /** What clients know a type of the shard by; 0 when the home shard is not known to have it. */
    public int typeToHome(int oid) {
        return isOfUser(oid) ? typesToHome.get(oid) : oid;
    }

    /** What clients know a table of the shard by; 0 when the home shard is not known to have it. */
    public int tableToHome(int oid) {
        return isOfUser(oid) ? tablesToHome.get(oid) : oid;
    }

    /**
     * Types as the shard knows them.
     *
     * @param oids as clients know them; borrowed
     * @return null when the shard is not known to have one of them
     */
    public int @Nullable [] typesToShard(int[] oids) {
        if (isHome()) {
            return oids;
        }
        int[] mapped = oids;
        for (int i = 0; i < oids.length; i++) {
            if (isOfUser(oids[i])) {
                int there = typesToShard.get(oids[i]);
                if (there == 0) {
                    return null;
                }
                mapped = mapped == oids ? oids.clone() : mapped;
                mapped[i] = there;
            }
        }
        return mapped;
    }

    /** Whether values of a type of the shard may name types by oid in binary format; so they may when nobody knows the type. */
    public boolean namesTypes(int oid) {
        if (isOfUser(oid) && typesToHome.get(oid) == 0) {
            return true;
        }
        TypeComposition of = composition(oid);
        if (of instanceof TypeComposition.Array array) {
            return array.element() == RECORD || isOfUser(array.element());
        } else if (of instanceof TypeComposition.Domain domain) {
            return namesTypes(domain.base());
        } else if (of instanceof TypeComposition.Range range) {
            return namesTypes(range.subtype());
        } else if (of instanceof TypeComposition.Multirange ranges) {
            return namesTypes(ranges.subtype());
        }
        return of instanceof TypeComposition.Composite;
    }

    /** As {@link #namesTypes(int)}, of a type by its name in SQL, with its schema unless PostgreSQL comes with it. */
    boolean namesTypes(String type) {
        Integer oid = names.get(type);
        return isOfUser(type) && (oid == null || namesTypes(oid));
    }

    /** Whether a type is one of a user's, by its name as above. */
    static boolean isOfUser(String type) {
        return type.indexOf('.') >= 0;
    }

    /** Of what the values of a type of the shard consist; null when they name no types. */
    public @Nullable TypeComposition composition(int oid) {
        return switch (oid) {
            case RECORD -> OF_RECORD;
            case RECORD_ARRAY -> OF_RECORDS;
            default -> isOfUser(oid) ? composition.get(oid) : null;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ShardOids that
                        && home == that.home
                        && typesToHome.equals(that.typesToHome)
                        && typesToShard.equals(that.typesToShard)
                        && tablesToHome.equals(that.tablesToHome)
                        && composition.equals(that.composition));
    }

    @Override
    public int hashCode() {
        return typesToHome.hashCode();
    }
}
