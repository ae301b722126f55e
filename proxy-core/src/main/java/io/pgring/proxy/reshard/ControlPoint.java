package io.pgring.proxy.reshard;

import java.sql.SQLException;

/** Is told when a mover comes to a point. Tests stop it there, or end it. */
public interface ControlPoint {
    /** Nothing happens. */
    ControlPoint NONE = (point, move) -> {};

    /** The mover goes on when this returns. */
    void reach(MovePoint point, JournalEntry move) throws SQLException, InterruptedException;
}
