TRUNCATE notes, "Odd ""name""", side.kv, side.other, triggering, ruled, defaulting;
ALTER SEQUENCE numbers RESTART;
INSERT INTO notes SELECT n, 'note ' || n, 'k' || n FROM generate_series(1, 6) AS n;
INSERT INTO "Odd ""name""" VALUES ('k1', 1), ('k2', 2);
INSERT INTO side.kv VALUES ('k1', 'side value');
INSERT INTO side.other VALUES ('k1', 'other value');
