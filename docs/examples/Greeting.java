import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;

/** Writes and reads one key through PgRing: java -cp postgresql.jar docs/examples/Greeting.java */
class Greeting {
    public static void main(String[] args) throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:6432/postgres?user=postgres";
        try (Connection connection = DriverManager.getConnection(url)) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO kv (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")) {
                insert.setString(1, "user_2");
                insert.setString(2, "Bob");
                insert.executeUpdate();
            }
            try (PreparedStatement select = connection.prepareStatement("SELECT value FROM kv WHERE key = ?")) {
                select.setString(1, "user_2");
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    System.out.println(row.getString(1));
                }
            }
        }
    }
}
