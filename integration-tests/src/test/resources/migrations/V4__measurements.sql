INSERT INTO measurements VALUES
  (1, '2026-01-01 00:00Z', 1.5), (2, '2026-01-01 00:00Z', 2.5), (3, '2026-01-01 00:00Z', 3.5),
  (1, '2026-01-01 01:00Z', 1.5), (2, '2026-01-01 01:00Z', 2.5), (3, '2026-01-01 01:00Z', 3.5),
  (1, '2026-01-01 02:00Z', 1.5), (2, '2026-01-01 02:00Z', 2.5), (3, '2026-01-01 02:00Z', 3.5);
INSERT INTO measurements VALUES (1, '2026-01-02 00:00Z', 0);
INSERT INTO measurements VALUES (2, '2026-01-02 00:00Z', 0);
INSERT INTO measurements VALUES (3, '2026-01-02 00:00Z', 0);
UPDATE measurements SET value = value + 1 WHERE at > '2026-01-01 01:00Z';
