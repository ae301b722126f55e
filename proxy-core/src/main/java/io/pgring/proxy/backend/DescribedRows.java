package io.pgring.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.pgring.pgwire.BackendType;
import io.pgring.pgwire.ProtocolViolation;
import io.pgring.proxy.topology.Shard;
import io.pgring.proxy.topology.ShardOids;
import io.pgring.proxy.topology.TopologyView;

/**
 * Writes the object identifiers in what a shard says as clients know them: those of the home shard. RowDescription and
 * ParameterDescription name types and tables; rows do so only in binary format, and only in values of certain types (see
 * {@link BinaryTypeNames}). All other rows pass unseen.
 *
 * <p>A table that the home shard does not have is described as none (0), which is true of its columns for all that a client can look up. A type that it does
 * not have is described as {@code unknown} where values are text; in binary format nobody could read them, so that is an error.
 */
final class DescribedRows {
    private static final int UNKNOWN = 705;
    private static final int BINARY = 1;
    private static final int[] NONE = {};

    private final TopologyView view;
    private final Shard shard;
    private final boolean home;
    /** The type of each binary column whose values name types, else 0; empty when there is none. */
    private int[] columns = NONE;

    private boolean namesTypes;

    /** A type, or a value of it, that the client can't be told of. */
    static final class UnknownTypeException extends Exception {
        private static final long serialVersionUID = 1;
    }

    DescribedRows(TopologyView view, Shard shard) {
        this.view = view;
        this.shard = shard;
        this.home = shard.equals(view.get().home());
    }

    /** Whether {@link #toHome} is to be told of a message of this type as a whole. */
    boolean reads(byte type) {
        return !home
                && switch (type) {
                    case BackendType.ROW_DESCRIPTION, BackendType.PARAMETER_DESCRIPTION -> true;
                    case BackendType.DATA_ROW -> columns.length > 0;
                    case BackendType.NO_DATA,
                            BackendType.COMMAND_COMPLETE,
                            BackendType.PORTAL_SUSPENDED,
                            BackendType.ERROR_RESPONSE,
                            BackendType.READY_FOR_QUERY -> namesTypes;
                    default -> false;
                };
    }

    /** Whether any column of the rows that were described last is of a type whose values may name types. */
    boolean nameTypes() {
        return namesTypes;
    }

    /** The rows that were described are over; what comes next is described anew, or has no such columns. */
    private void onEnd() {
        columns = NONE;
        namesTypes = false;
    }

    /** Writes a message over. Borrows the body. */
    void toHome(byte type, ByteBuf body) throws UnknownTypeException {
        ShardOids oids = view.get().oidsOf(shard);
        try {
            switch (type) {
                case BackendType.ROW_DESCRIPTION -> rowDescriptionToHome(oids, body);
                case BackendType.PARAMETER_DESCRIPTION -> parametersToHome(oids, body);
                case BackendType.DATA_ROW -> rowToHome(oids, body);
                default -> onEnd();
            }
        } catch (IndexOutOfBoundsException e) {
            throw ProtocolViolation.inBody("it is shorter than it says");
        }
    }

    private void rowDescriptionToHome(ShardOids oids, ByteBuf body) throws UnknownTypeException {
        onEnd();
        int count = body.getUnsignedShort(0);
        int position = Short.BYTES;
        for (int i = 0; i < count; i++) {
            // Name; table, number in it, type, size, modifier, format.
            position += body.bytesBefore(position, body.readableBytes() - position, (byte) 0) + 1;
            int table = body.getInt(position);
            int homeTable = oids.tableToHome(table);
            if (homeTable != table) {
                body.setInt(position, homeTable);
                if (homeTable == 0) {
                    body.setShort(position + 4, 0);
                }
            }
            int type = body.getInt(position + 6);
            int format = body.getUnsignedShort(position + 16);
            int homeType = oids.typeToHome(type);
            if (homeType == 0) {
                refuseUnless(format != BINARY);
                homeType = UNKNOWN;
            }
            if (homeType != type) {
                body.setInt(position + 6, homeType);
            }
            if (oids.namesTypes(type)) {
                namesTypes = true;
                if (format == BINARY) {
                    columns = columns.length == 0 ? new int[count] : columns;
                    columns[i] = type;
                }
            }
            position += 18;
        }
    }

    private void refuseUnless(boolean right) throws UnknownTypeException {
        view.doubt();
        if (!right) {
            throw new UnknownTypeException();
        }
    }

    private void parametersToHome(ShardOids oids, ByteBuf body) throws UnknownTypeException {
        int count = body.getUnsignedShort(0);
        for (int i = 0; i < count; i++) {
            int position = Short.BYTES + i * Integer.BYTES;
            int type = body.getInt(position);
            int homeType = oids.typeToHome(type);
            if (homeType == 0) {
                refuseUnless(false);
            }
            if (homeType != type) {
                body.setInt(position, homeType);
            }
        }
    }

    private void rowToHome(ShardOids oids, ByteBuf body) throws UnknownTypeException {
        BinaryTypeNames names = new BinaryTypeNames(oids);
        int position = Short.BYTES;
        for (int type : columns) {
            int length = body.getInt(position);
            position += Integer.BYTES;
            if (length > 0) {
                if (type != 0 && !names.valueToHome(type, body, position)) {
                    refuseUnless(false);
                }
                position += length;
            }
        }
    }
}
