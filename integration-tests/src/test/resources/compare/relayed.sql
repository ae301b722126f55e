# INSERT whose text does not tell the keys of its rows, or that takes a default of the home shard.

# --- defaults of the home shard
= INSERT INTO tickets (note) VALUES ('a')
= INSERT INTO tickets (note) VALUES ('a') RETURNING id, note, state
= INSERT INTO tickets (note) VALUES ('a'), ('b'), ('c'), ('d'), ('e') RETURNING * -- ordered
= INSERT INTO tickets (note) VALUES ($1), ($2) RETURNING id -- parameters a:text | NULL:text -- ordered
= INSERT INTO tickets (note) VALUES ($1) RETURNING id, note || $2 -- parameters a | b
= INSERT INTO tickets DEFAULT VALUES
= INSERT INTO tickets DEFAULT VALUES RETURNING *
= INSERT INTO tickets VALUES (DEFAULT, 'a', 'shut'), (DEFAULT, 'b', DEFAULT) RETURNING * -- ordered
= INSERT INTO tickets (id, note) VALUES (7, 'a')
= INSERT INTO tickets (id, note) VALUES (DEFAULT, 'a'), (7, 'b')
= INSERT INTO tickets (id, note) OVERRIDING SYSTEM VALUE VALUES (7, 'a') RETURNING id
= INSERT INTO tickets (id, note) OVERRIDING SYSTEM VALUE VALUES (7, 'a'), (DEFAULT, 'b') RETURNING id -- ordered
INSERT INTO tickets (id, note) OVERRIDING USER VALUE VALUES (7, 'a') RETURNING id
= INSERT INTO tickets (note) SELECT 'n' || n FROM generate_series(1, 20) AS n RETURNING id, note -- ordered
= INSERT INTO tickets (note) SELECT name FROM customers WHERE id = 1 RETURNING id
= INSERT INTO tickets (note) SELECT name FROM customers ORDER BY id RETURNING id, note -- ordered
= INSERT INTO tickets (note, state) VALUES ('a', NULL)
= INSERT INTO tickets (nothing) VALUES ('a')
= INSERT INTO tickets (note) VALUES ('a', 'b')
= INSERT INTO tickets (note) SELECT 1 / n FROM generate_series(0, 1) AS n
= INSERT INTO visits (visitor, page) VALUES (1, '/') RETURNING *
= INSERT INTO visits (visitor, page) VALUES (1, '/'), (2, '/a'), (3, NULL), (1, '/b') RETURNING * -- ordered
= INSERT INTO visits (visitor, page) VALUES ($1, $2) RETURNING n -- parameters 5:int8 | /:text
= INSERT INTO visits (visitor, n) VALUES (1, 5) RETURNING *
= INSERT INTO visits (visitor, n) VALUES (1, 5), (2, 6) RETURNING * -- ordered
= INSERT INTO visits (visitor, n, page) VALUES (1, DEFAULT, 'x'), (2, 9, 'y') RETURNING * -- ordered
= INSERT INTO visits VALUES (1) RETURNING *
= INSERT INTO visits VALUES (1, DEFAULT, 'x', DEFAULT) RETURNING *
= INSERT INTO visits VALUES (1, DEFAULT, 'x', 5)
= INSERT INTO visits (visitor, page) VALUES (NULL, 'x')
= INSERT INTO visits (page) VALUES ('x')
= INSERT INTO visits (visitor, page) SELECT id, name FROM customers WHERE id < 5 ORDER BY id DESC RETURNING visitor, n -- ordered
= INSERT INTO visits (visitor, n) SELECT customer, id FROM orders
= INSERT INTO visits (visitor, page) VALUES (1, 'x') ON CONFLICT DO NOTHING RETURNING n
= INSERT INTO visits (visitor, n, page) VALUES (1, 1, 'x') ON CONFLICT (visitor, n) DO UPDATE SET page = excluded.page RETURNING page
INSERT INTO visits (visitor, n, page) VALUES (1, 1, 'x') ON CONFLICT (visitor, n) DO UPDATE SET n = DEFAULT
UPDATE visits SET n = DEFAULT WHERE visitor = 1
WITH v AS (INSERT INTO visits (visitor, page) VALUES (1, 'x') RETURNING n) SELECT * FROM v
MERGE INTO visits v USING (VALUES (1::bigint, 'x')) AS s (visitor, page) ON v.visitor = s.visitor WHEN NOT MATCHED THEN INSERT (visitor, page) VALUES (s.visitor, s.page)
COPY visits (visitor, page) FROM STDIN -- data 1⇥x⏎
COPY visits (visitor, n, page) FROM STDIN -- data 1⇥5⇥x⏎

# === defaults of the home shard, in sessions
INSERT INTO tickets (note) VALUES ('a') RETURNING id
INSERT INTO tickets (note) VALUES ('b') RETURNING id
SELECT id, note FROM tickets ORDER BY id
UPDATE tickets SET note = note || '!' WHERE id = 2
SELECT note FROM tickets WHERE id = 2

BEGIN
INSERT INTO tickets (note) VALUES ('a') RETURNING id
INSERT INTO visits (visitor, page) VALUES (1, 'x'), (2, 'y') RETURNING n -- ordered
SELECT count(*) FROM visits
COMMIT
SELECT count(*) FROM tickets

BEGIN
INSERT INTO tickets (note) VALUES ('a'), ('b'), ('c'), ('d')
ROLLBACK
SELECT count(*) FROM tickets

BEGIN
INSERT INTO customers (id, name) SELECT n, 'n' FROM generate_series(100, 110) AS n
INSERT INTO customers (id, name) SELECT n, 'n' FROM generate_series(110, 120) AS n
ROLLBACK
SELECT count(*) FROM customers

BEGIN
INSERT INTO customers (id, name) SELECT n, 'n' FROM generate_series(100, 110) AS n
SAVEPOINT s
INSERT INTO customers (id, name) SELECT n, 'n' FROM generate_series(111, 120) AS n
ROLLBACK TO s
COMMIT
SELECT count(*) FROM customers

PREPARE p AS INSERT INTO tickets (note) VALUES ($1) RETURNING id, note
EXECUTE p('a')
EXECUTE p('b')
DEALLOCATE p

PREPARE p (int) AS INSERT INTO customers (id, name) VALUES ($1 + 100, 'p') RETURNING id
EXECUTE p(1)
EXECUTE p(2)
DEALLOCATE p

# --- values are assigned as PostgreSQL assigns them
= INSERT INTO places (code) VALUES (lower('A'))
= INSERT INTO places DEFAULT VALUES RETURNING code, seen
= INSERT INTO places (name) VALUES ('abc') RETURNING code, name
= INSERT INTO places (code, name) VALUES ('a' || 'b', 'abcde') RETURNING *
= INSERT INTO places (code, name) SELECT 'a', repeat('x', n) FROM generate_series(6, 6) AS n
= INSERT INTO places (code, name) VALUES ('a' || 'b', 'abcde   ') RETURNING name
= INSERT INTO places (code) SELECT repeat('x', n) FROM generate_series(9, 9) AS n
INSERT INTO places (code) VALUES ('abcdefgh' || ' ') RETURNING code
= INSERT INTO places (code) VALUES ('a' || ' ') RETURNING code || '|'
= INSERT INTO places (code, high) VALUES (lower('A'), 1.005), (lower('B'), 1234.5678) RETURNING high -- ordered
= INSERT INTO places (code, high) SELECT 'a', n + 0.6 FROM generate_series(12345, 12345) AS n
= INSERT INTO places (code, high) VALUES (lower('A'), 1.5::float8), (lower('B'), 2::int) RETURNING high -- ordered
= INSERT INTO places (code, mask) VALUES (lower('A'), B'101') RETURNING mask
= INSERT INTO places (code, mask) SELECT 'a', n::bit(4) FROM generate_series(1, 1) AS n
= INSERT INTO places (code, mask) VALUES (lower('A'), 5)
= INSERT INTO places (code, ratio) VALUES (lower('A'), 0.1::float8 + 0.2::float8) RETURNING ratio
= INSERT INTO places (code, ratio) VALUES (lower('A'), 'NaN'), (lower('B'), 'Infinity'), (lower('C'), 5e-324) RETURNING ratio -- ordered
= INSERT INTO places (code, far) VALUES (lower('A'), '1 year 2 mons -3 days 04:05:06.789'), (lower('B'), '-1 day') RETURNING far -- ordered
= INSERT INTO places (code, seen) VALUES (lower('A'), '2026-10-25 02:30+02'), (lower('B'), 'infinity'), (lower('C'), '0044-03-15 BC') RETURNING seen -- ordered
= INSERT INTO places (code, tags) VALUES (lower('A'), ARRAY['x,y', 'a"b', 'back\slash', '', NULL, '{}', '(1)']) RETURNING tags
= INSERT INTO places (code, tags) VALUES (lower('A'), '{}'), (lower('B'), NULL), (lower('C'), '{{a,b},{c,d}}') RETURNING tags -- ordered
= INSERT INTO places (code, facts) VALUES (lower('A'), '{"a": "x\"y", "b": [1, null]}') RETURNING facts
= INSERT INTO places (code, raw) VALUES (lower('A'), '\x00ff5c22'), (lower('B'), '\x'), (lower('C'), NULL) RETURNING raw -- ordered
= INSERT INTO places (code, name) VALUES (lower('A'), ''), (upper(''), 'x') RETURNING code, name -- ordered
= INSERT INTO places (code, name) VALUES (lower('A'), E'\t"''\\') RETURNING name
= INSERT INTO places (code, name) VALUES (lower('A'), 'ä€🐘') RETURNING name
= INSERT INTO places (code, seen) VALUES (lower('A'), 'no date')
= INSERT INTO places (code, seen) VALUES (lower('A'), 5)
= INSERT INTO places (code, facts) VALUES (lower('A'), 'x'::text)
= INSERT INTO places (code, tags) SELECT 'a', ARRAY[1, 2]
= INSERT INTO places (code, high, seen) SELECT 'a', 5, DEFAULT
= INSERT INTO places (code, high, far) SELECT 'a', NULL, '1 hour'
= INSERT INTO places (code, far) SELECT $1, $2 -- parameters a | 1 hour
= INSERT INTO places (code, high) SELECT $1, $2 RETURNING code, high -- parameters a:text | 5:int4
= INSERT INTO places (code, high) VALUES (lower($1), $2), (upper($1), $2 + 1) RETURNING code, high -- parameters a:text | 5:int4 -- ordered
= INSERT INTO places (code, name) VALUES ('a' || $2, $1) RETURNING name || $3 -- parameters n | k | t
= INSERT INTO places SELECT code || 'x' FROM countries RETURNING code
= INSERT INTO places SELECT 'a', 'b', NULL, NULL, 5 RETURNING high
= INSERT INTO places SELECT * FROM (VALUES ('a', 'b'), ('c', 'd')) AS v RETURNING code, name -- ordered
= INSERT INTO places (code, name) SELECT * FROM (VALUES ('a', 'b'), ('c', 'd')) AS v RETURNING code, name -- ordered
= INSERT INTO places (code) SELECT * FROM (VALUES ('a', 'b'), ('c', 'd')) AS v
= INSERT INTO places SELECT * FROM customers
= INSERT INTO places (code) VALUES ('b'), ('a' || 'x') ORDER BY 1 LIMIT 1 RETURNING code
= INSERT INTO places (code) VALUES (10), (9) ORDER BY 1 RETURNING code -- ordered
= INSERT INTO places (code) SELECT 'a' WHERE false RETURNING code
= INSERT INTO places (code) SELECT 'a' WHERE false

# --- where the source is
= INSERT INTO customers (id, name) SELECT id + 100, name FROM customers
= INSERT INTO customers (id, name) SELECT id + 100, name FROM customers WHERE id IN (1, 2, 3) RETURNING id
= INSERT INTO customers (id, name) SELECT id + 100, name FROM customers WHERE id = 3 RETURNING id, name
= INSERT INTO customers (id, name) SELECT max(id) + 1, 'max' FROM customers RETURNING id
= INSERT INTO customers (id, name) SELECT id + 100, name FROM customers ORDER BY id DESC LIMIT 3 RETURNING id -- ordered
= INSERT INTO customers (id, name) SELECT customer + 100, count(*)::text FROM orders GROUP BY customer
= INSERT INTO customers (id, name) SELECT DISTINCT customer + 100, 'd' FROM orders
= INSERT INTO customers (id, name) SELECT c.id + 100, coalesce(o.note, '-') || c.id FROM customers c JOIN orders o ON o.customer = c.id AND o.id = 1
= INSERT INTO customers (id, name) SELECT c.id + 100, k.name FROM customers c JOIN countries k ON k.code = c.country
= INSERT INTO customers (id, name) SELECT n + 100, name FROM settings WHERE n IS NOT NULL RETURNING id
= INSERT INTO customers (id, name) SELECT n + 100, name FROM settings, customers WHERE n = id
= INSERT INTO kv SELECT 'c' || id, name FROM customers
= INSERT INTO kv (key, value) SELECT key || '!', value FROM kv WHERE key = 'k1' UNION ALL SELECT 'u', 'v' RETURNING key
= INSERT INTO kv TABLE notes
= INSERT INTO kv (key) SELECT DISTINCT country FROM customers WHERE country IS NOT NULL
= INSERT INTO kv (key) SELECT country FROM customers WHERE country IS NULL
= INSERT INTO kv (key) SELECT NULL
= INSERT INTO kv (key) VALUES ('x'), (NULL)
= INSERT INTO kv VALUES ('x', (SELECT max(name) FROM customers)), ('y', (SELECT count(*)::text FROM notes)) RETURNING value -- ordered
= INSERT INTO kv VALUES ('x', nextval('numbers')), ('y', nextval('numbers')) RETURNING value -- ordered
= WITH w AS (SELECT id, name FROM customers WHERE id < 3) INSERT INTO kv SELECT 'w' || id, name FROM w RETURNING key
= WITH w (k) AS (VALUES ('a'), ('b')) INSERT INTO kv (key) SELECT k FROM w RETURNING key -- ordered
= WITH RECURSIVE w (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM w WHERE n < 10) INSERT INTO kv (key) SELECT 'r' || n FROM w RETURNING key -- ordered
= WITH w AS (SELECT 1 AS x) INSERT INTO kv WITH v AS (SELECT 'v' || x AS k FROM w) SELECT k, 'y' FROM v RETURNING key
= INSERT INTO kv AS k (key, value) SELECT 'k1', 'new' ON CONFLICT (key) DO UPDATE SET value = k.value || excluded.value RETURNING k.value
= INSERT INTO kv (key, value) SELECT 'k' || n, 'new' FROM generate_series(0, 20) AS n ON CONFLICT DO NOTHING
= INSERT INTO kv (key, value) SELECT 'k' || n, 'new' FROM generate_series(0, 20) AS n ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE kv.key > 'k3' RETURNING key
= INSERT INTO kv (key, value) SELECT 'k' || n % 2, 'new' FROM generate_series(0, 3) AS n ON CONFLICT (key) DO UPDATE SET value = excluded.value
= INSERT INTO kv (key, value) SELECT 'k' || n, 'new' FROM generate_series(11, 30) AS n
= INSERT INTO kv (key, value) SELECT 'n' || n, 1 / (n - 10) FROM generate_series(0, 20) AS n
= INSERT INTO kv (key, value) SELECT 1, 2
= INSERT INTO kv (key) SELECT '1 day'::interval
= INSERT INTO kv (key, nothing) SELECT 'a', 'b'
= INSERT INTO kv (key, key) SELECT 'a', 'b'
= INSERT INTO kv (key) SELECT key FROM nothing
= INSERT INTO kv (key) SELECT 'a', 'b'
= INSERT INTO kv (key, value) SELECT 'a'
INSERT INTO kv (key) SELECT key FROM kv FOR UPDATE
INSERT INTO kv (key) SELECT 'a' RETURNING (SELECT count(*) FROM kv)
INSERT INTO kv (key) SELECT 'a' ON CONFLICT (key) DO UPDATE SET key = 'b'
= INSERT INTO orders (customer, id, amount) SELECT customer, id + 100, amount FROM orders
= INSERT INTO orders (customer, id, amount) SELECT customer, id + 100, amount FROM orders WHERE id < 1000 RETURNING customer, id
= INSERT INTO orders (customer, id, amount) SELECT customer, 100, sum(amount) FROM orders GROUP BY customer
= INSERT INTO orders (customer, id) SELECT id, 100 FROM customers WHERE country IS NOT NULL
= INSERT INTO orders SELECT * FROM orders ON CONFLICT DO NOTHING
= INSERT INTO orders SELECT * FROM orders ON CONFLICT (customer, id) DO UPDATE SET amount = excluded.amount + 1 RETURNING customer, id, amount
= INSERT INTO orders (customer, id) SELECT customer, id FROM orders WHERE customer = 1 AND id = 1
= INSERT INTO customers (id, name) VALUES (100.4, 'x'), (100.5, 'y') RETURNING id -- ordered
= INSERT INTO customers (id, name) VALUES (1e2, 'x') RETURNING id
= INSERT INTO customers (id, name) VALUES (50 + 50, 'New'), (101, 'Other') RETURNING id -- ordered
= INSERT INTO customers (name) VALUES ('New')
= INSERT INTO customers DEFAULT VALUES

# === sources that the home shard reads in a transaction that has written
BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
= INSERT INTO customers (id, name) SELECT c.id + 100, c.name || o.id FROM customers c JOIN orders o ON o.id = c.id AND o.customer = 4
= INSERT INTO kv SELECT 'w' || id, string_agg(name, ',') OVER (ORDER BY id) FROM customers RETURNING key, value
= INSERT INTO kv SELECT country, count(*)::text FROM customers WHERE country IS NOT NULL GROUP BY country HAVING count(*) > 0 RETURNING key, value
= INSERT INTO customers (id, name) SELECT a.id * 1000 + b.id, a.name || b.name FROM customers a JOIN customers b ON a.id < b.id RETURNING id, name
= INSERT INTO tickets (note) SELECT a.name FROM customers a WHERE a.id > (SELECT min(customer) FROM orders) ORDER BY a.id RETURNING id, note -- ordered
= INSERT INTO tickets (note) SELECT name FROM customers ORDER BY id RETURNING id, note -- ordered
= INSERT INTO visits (visitor, page) SELECT c.id, o.note FROM customers c LEFT JOIN orders o ON o.id = c.id AND o.customer > 3 ORDER BY c.id, o.customer RETURNING visitor, n, page -- ordered
= INSERT INTO kv VALUES ('all', (SELECT count(DISTINCT o.id)::text FROM orders o, customers c WHERE o.customer < c.id)) RETURNING value
= INSERT INTO kv (key, value) SELECT 'k' || a.id, b.name FROM customers a JOIN customers b ON a.id + 1 = b.id ON CONFLICT (key) DO UPDATE SET value = kv.value || excluded.value RETURNING key, value
SELECT key, value FROM kv ORDER BY key
SELECT id, name FROM customers ORDER BY id
COMMIT
SELECT count(*) FROM kv
SELECT count(*) FROM customers

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
= INSERT INTO kv SELECT $1 || a.id, b.name || $2 FROM customers a JOIN customers b ON a.id + 1 = b.id WHERE a.id > $3 RETURNING key, value -- parameters p:text | q:text | 2:int8
= INSERT INTO tickets (note) SELECT a.name || $1 FROM customers a JOIN customers b ON a.id + 1 = b.id ORDER BY a.id RETURNING id, note -- parameters !:text -- ordered
ROLLBACK
SELECT count(*) FROM kv

BEGIN ISOLATION LEVEL REPEATABLE READ
= INSERT INTO kv SELECT 'r' || a.id, b.name FROM customers a JOIN customers b ON a.id + 1 = b.id RETURNING key, value
= INSERT INTO kv SELECT a.key || b.key, a.value FROM kv a JOIN kv b ON a.key < b.key AND a.key LIKE 'r%' AND b.key LIKE 'r%' RETURNING key
COMMIT
SELECT count(*) FROM kv

BEGIN
DELETE FROM orders WHERE customer IN (2, 9)
= INSERT INTO kv SELECT 'x' || a.id, (1 / (a.id - b.id))::text FROM customers a CROSS JOIN customers b
SELECT 1
ROLLBACK
SELECT count(*) FROM orders
