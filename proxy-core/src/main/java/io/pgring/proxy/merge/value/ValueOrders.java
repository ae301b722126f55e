package io.pgring.proxy.merge.value;

import io.pgring.pgsql.analysis.ColumnType;

/** The orders that the proxy knows. */
public final class ValueOrders {
    private ValueOrders() {}

    /**
     * The order of a column's values. It is made for one merge and, since some orders have a place to work in, not thread-safe.
     *
     * @param typeOid what the server says that it sends
     * @param format 0 text, 1 binary
     * @param type what the catalog says of the column; a server that sends another type is not believed
     * @throws MergeFailure when only the server knows the order
     */
    public static ValueOrder of(int typeOid, int format, ColumnType type) {
        boolean binary = format == Format.BINARY;
        if (type != columnType(typeOid, type)) {
            throw MergeFailure.unsupportedType(typeOid);
        }
        return switch (typeOid) {
            case TypeOids.TEXT, TypeOids.VARCHAR -> new BytesOrder();
            case TypeOids.BYTEA -> binary ? new BytesOrder() : new ByteaOrder();
            case TypeOids.UUID -> binary ? UuidOrder.BINARY : UuidOrder.TEXT;
            case TypeOids.NUMERIC -> binary ? new NumericBinaryOrder() : new NumericTextOrder();
            default -> new LongOrder(binary ? binaryReader(typeOid) : textReader(typeOid));
        };
    }

    private static ColumnType columnType(int typeOid, ColumnType type) {
        return switch (typeOid) {
            case TypeOids.INT2 -> ColumnType.SMALLINT;
            case TypeOids.INT4 -> ColumnType.INTEGER;
            case TypeOids.INT8 -> ColumnType.BIGINT;
            case TypeOids.NUMERIC -> ColumnType.NUMERIC;
            case TypeOids.FLOAT4 -> ColumnType.REAL;
            case TypeOids.FLOAT8 -> ColumnType.DOUBLE_PRECISION;
            case TypeOids.BOOL -> ColumnType.BOOLEAN;
            case TypeOids.TEXT, TypeOids.VARCHAR -> ColumnType.TEXT_BY_BYTES;
            case TypeOids.BYTEA -> ColumnType.BYTEA;
            case TypeOids.UUID -> ColumnType.UUID;
            case TypeOids.DATE -> ColumnType.DATE;
            case TypeOids.TIME -> ColumnType.TIME;
            case TypeOids.TIMESTAMP -> ColumnType.TIMESTAMP;
            case TypeOids.TIMESTAMPTZ -> ColumnType.TIMESTAMPTZ;
            case TypeOids.OID -> type;
            default -> throw MergeFailure.unsupportedType(typeOid);
        };
    }

    private static LongReader binaryReader(int typeOid) {
        return switch (typeOid) {
            case TypeOids.INT2 -> BinaryValues::int2;
            case TypeOids.INT4, TypeOids.DATE -> BinaryValues::int4;
            case TypeOids.INT8, TypeOids.TIME, TypeOids.TIMESTAMP, TypeOids.TIMESTAMPTZ -> BinaryValues::int8;
            case TypeOids.OID -> BinaryValues::oid;
            case TypeOids.FLOAT4 -> BinaryValues::float4;
            case TypeOids.FLOAT8 -> BinaryValues::float8;
            case TypeOids.BOOL -> BinaryValues::bool;
            default -> throw MergeFailure.unsupportedType(typeOid);
        };
    }

    private static LongReader textReader(int typeOid) {
        return switch (typeOid) {
            case TypeOids.INT2, TypeOids.INT4, TypeOids.INT8, TypeOids.OID -> IntegerText::read;
            case TypeOids.FLOAT4 -> Floats::float4;
            case TypeOids.FLOAT8 -> Floats::float8;
            case TypeOids.BOOL -> BooleanText::read;
            case TypeOids.DATE -> DateTimeText::date;
            case TypeOids.TIME -> DateTimeText::time;
            case TypeOids.TIMESTAMP -> DateTimeText::timestamp;
            case TypeOids.TIMESTAMPTZ -> DateTimeText::timestamptz;
            default -> throw MergeFailure.unsupportedType(typeOid);
        };
    }

    /** Reads a boolean. */
    public static LongReader booleans(int typeOid, int format) {
        if (typeOid != TypeOids.BOOL) {
            throw MergeFailure.unsupportedType(typeOid);
        }
        return format == Format.BINARY ? BinaryValues::bool : BooleanText::read;
    }

    /** Reads a bigint. */
    public static LongReader bigints(int typeOid, int format) {
        if (typeOid != TypeOids.INT8) {
            throw MergeFailure.unsupportedType(typeOid);
        }
        return format == Format.BINARY ? BinaryValues::int8 : IntegerText::read;
    }
}
