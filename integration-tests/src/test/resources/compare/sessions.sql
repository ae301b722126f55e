# PREPARE and EXECUTE, cursors, settings.

# === prepared statements
= PREPARE one (bigint) AS SELECT name FROM customers WHERE id = $1
= EXECUTE one (1)
= EXECUTE one (2)
= EXECUTE one (3)
= EXECUTE one (NULL)
EXECUTE one
EXECUTE one (1, 2)
EXECUTE one ('x')
= DEALLOCATE one
EXECUTE one (1)

= PREPARE everything AS SELECT id FROM customers ORDER BY id
= EXECUTE everything -- ordered
= DEALLOCATE PREPARE everything

= PREPARE new (bigint, text) AS INSERT INTO customers (id, name) VALUES ($1, $2) RETURNING id
= EXECUTE new (100, 'a')
= EXECUTE new (101, 'b')
EXECUTE new (1, 'twice')
EXECUTE new (100 + 2, 'c')
= SELECT name FROM customers WHERE id = 101

= PREPARE several AS INSERT INTO customers (id, name) VALUES ($1, 'a'), ($2, 'b')
= EXECUTE several (100, 101)
= SELECT count(*) FROM customers WHERE id IN (100, 101)

= PREPARE twice AS SELECT 1
= PREPARE twice AS SELECT 2
= EXECUTE twice
= DEALLOCATE ALL
EXECUTE twice

= PREPARE broken AS SELECT nothing FROM customers
EXECUTE broken

= PREPARE sums AS SELECT note, sum(amount) FROM orders WHERE customer <> $1 GROUP BY note ORDER BY note
= EXECUTE sums (1) -- ordered
= EXECUTE sums (2) -- ordered
= BEGIN
= EXECUTE sums (2) -- ordered
= ROLLBACK

SELECT name, statement FROM pg_prepared_statements WHERE name = 'mine'
= PREPARE mine AS SELECT 1
SELECT name FROM pg_prepared_statements WHERE name = 'mine'

= PREPARE typed (bigint, text, numeric, boolean, date) AS SELECT $1, $2, $3, $4, $5, id FROM customers WHERE id = $1
= EXECUTE typed (1, 'it''s', 1.50, true, '2020-02-29')
= EXECUTE typed (2, 007, -1e3, 'off', NULL)
= EXECUTE typed (2::bigint, 'x'::text, +.5, FALSE, date '2020-02-29')
EXECUTE typed (3, E'\\x41', 12345678901234567890, NULL, 'yesterday at noon')
EXECUTE typed (1, 'x', 1, 1, NULL)
EXECUTE typed (1, 'x', 1, true, 5)
EXECUTE typed (1.5, 'x', 1, true, NULL)
EXECUTE typed (1, 'x', 1, true, '2020-02-29'::timestamp)
EXECUTE typed (1, upper('x'), 1, true, NULL)

= PREPARE change AS UPDATE customers SET name = $2 WHERE id = $1
= EXECUTE change (1, 'new')
= EXECUTE change (-1, 'new')
= PREPARE changeAll (text) AS UPDATE customers SET name = $1
= EXECUTE changeAll ('all')
= SELECT count(*) FROM customers WHERE name = 'all'
= PREPARE gone (bigint) AS DELETE FROM orders WHERE customer = $1 RETURNING id
= BEGIN
= EXECUTE gone (2)
= EXECUTE change (1, 'newer')
= EXECUTE change (2, 'newer')
= EXECUTE gone (1)
= ROLLBACK
= SELECT count(*) FROM customers WHERE name = 'all'

= BEGIN
= PREPARE kept AS SELECT name FROM customers WHERE id = $1
= ROLLBACK
= EXECUTE kept (1)
= DISCARD PLANS
= EXECUTE kept (1)
= DISCARD ALL
EXECUTE kept (1)

= BEGIN
= PREPARE broken AS SELECT nothing FROM customers
= SELECT 1
= ROLLBACK

= PREPARE home (text) AS SELECT name FROM settings WHERE name <> $1 ORDER BY name
= EXECUTE home ('x') -- ordered
= PREPARE constant AS VALUES (1, 'a'), (2, 'b')
= EXECUTE constant -- ordered
EXPLAIN (COSTS OFF) EXECUTE constant

# === cursors
= BEGIN
= DECLARE c CURSOR FOR SELECT id, name FROM customers ORDER BY id
= FETCH 3 FROM c -- ordered
= FETCH NEXT FROM c
= FETCH ALL FROM c -- ordered
= FETCH 1 FROM c
= CLOSE c
= COMMIT

= BEGIN
= DECLARE c SCROLL CURSOR FOR SELECT customer, id FROM orders ORDER BY customer, id
= MOVE 5 FROM c
= FETCH BACKWARD 2 FROM c -- ordered
= FETCH LAST FROM c
= FETCH ABSOLUTE 2 FROM c
= FETCH RELATIVE -1 FROM c
= FETCH FIRST FROM c
= CLOSE c
= FETCH 1 FROM c
= ROLLBACK

= BEGIN
= DECLARE c CURSOR FOR SELECT id FROM orders WHERE customer = 2 ORDER BY id
= FETCH 2 FROM c -- ordered
= UPDATE orders SET note = 'current' WHERE CURRENT OF c
= COMMIT
= SELECT id FROM orders WHERE customer = 2 AND note = 'current'

= DECLARE c CURSOR FOR SELECT 1
DECLARE c CURSOR WITH HOLD FOR SELECT id FROM customers WHERE id = 1
FETCH ALL FROM c
CLOSE c

= BEGIN
= DECLARE c CURSOR FOR SELECT count(*) FROM orders
= DECLARE d CURSOR FOR SELECT name FROM settings ORDER BY name
= FETCH ALL FROM d -- ordered
= FETCH ALL FROM c
= CLOSE ALL
= COMMIT

= BEGIN
= DECLARE c NO SCROLL CURSOR FOR SELECT o.id, c.name FROM orders o JOIN customers c ON o.customer = c.id ORDER BY c.id, o.id
= FETCH FORWARD 2 FROM c -- ordered
= MOVE FORWARD ALL FROM c
= FETCH FORWARD 2 FROM c
= CLOSE c
= COMMIT

= BEGIN
= DECLARE c CURSOR FOR SELECT id FROM customers WHERE id IN (1, 2, 3) ORDER BY id
= FETCH ALL FROM c -- ordered
= ROLLBACK

= BEGIN
= DECLARE c BINARY CURSOR FOR SELECT id, name FROM customers WHERE id = 2
= FETCH ALL FROM c
= DECLARE c CURSOR FOR SELECT id FROM customers WHERE id = 2
= ROLLBACK

= BEGIN
= DECLARE c CURSOR FOR SELECT id FROM customers WHERE id = 1
= DECLARE c CURSOR FOR SELECT id FROM customers ORDER BY id
= ROLLBACK

= BEGIN
= SAVEPOINT a
= DECLARE c CURSOR FOR SELECT id FROM customers WHERE id = 1
= FETCH c
= ROLLBACK TO a
= DECLARE c CURSOR FOR SELECT id FROM customers WHERE id = 3
= FETCH c
= ROLLBACK TO a
= FETCH c
= ROLLBACK TO a
= DECLARE c CURSOR FOR SELECT id FROM customers ORDER BY id
= FETCH 2 FROM c -- ordered
= RELEASE a
= FETCH 1 FROM c
= COMMIT

= BEGIN
= DECLARE c CURSOR FOR SELECT id FROM orders WHERE customer = $1 ORDER BY id -- parameters 2:int8
= FETCH ALL FROM c -- ordered
= DECLARE d CURSOR FOR SELECT id FROM orders WHERE customer <> $1 ORDER BY customer, id -- parameters 2:int8
= FETCH ALL FROM d -- ordered
= DECLARE nothing CURSOR FOR SELECT nothing FROM orders
= ROLLBACK

= BEGIN
= DECLARE c CURSOR FOR SELECT id FROM orders WHERE customer = 1 ORDER BY id FOR UPDATE
= FETCH c
= DELETE FROM orders WHERE CURRENT OF c RETURNING id
= FETCH c
= UPDATE orders SET note = upper(note) WHERE CURRENT OF c RETURNING id, note
= UPDATE customers SET name = 'x' WHERE CURRENT OF c
= ROLLBACK

BEGIN
DECLARE c CURSOR FOR SELECT id FROM orders ORDER BY customer, id
FETCH c
UPDATE orders SET note = 'x' WHERE CURRENT OF c
ROLLBACK

= BEGIN
= DECLARE c CURSOR FOR SELECT id FROM customers ORDER BY id
= FETCH 1 FROM c
= UPDATE customers SET name = 'new' WHERE id = 1
= UPDATE customers SET name = 'new' WHERE id = 2
= UPDATE customers SET name = 'new' WHERE id = 3
= FETCH ALL FROM c -- ordered
DECLARE d CURSOR FOR SELECT count(*) FROM customers WHERE name = 'new'
FETCH ALL FROM d
= ROLLBACK
= SELECT count(*) FROM customers WHERE name = 'new'

= BEGIN
= INSERT INTO customers (id, name) VALUES (100, 'a')
= DECLARE c CURSOR FOR SELECT name FROM customers WHERE id = 100
= DECLARE d CURSOR FOR SELECT name FROM settings ORDER BY name
= FETCH ALL FROM c
= FETCH 1 FROM d
= CLOSE c
= FETCH 1 FROM d
= FETCH ALL FROM c
= COMMIT

= BEGIN
FETCH 1 FROM nothing
= COMMIT
FETCH 1 FROM nothing
= CLOSE ALL
MOVE 1 FROM nothing
= SELECT 1

# === settings that answers depend on
SET TimeZone = 'America/New_York'
SELECT placed FROM orders WHERE customer = 1 ORDER BY id -- ordered
SELECT placed FROM orders ORDER BY customer, id -- ordered
SELECT placed::date, count(*) FROM orders GROUP BY 1 ORDER BY 1 -- ordered
RESET TimeZone
SELECT placed FROM orders WHERE customer = 1 ORDER BY id -- ordered

SET DateStyle = 'SQL, DMY'
SELECT born FROM customers ORDER BY id -- ordered
INSERT INTO customers (id, name, born) VALUES (100, 'a', '03/02/2001')
SELECT born FROM customers WHERE id = 100

SET extra_float_digits = 0
SELECT (amount / 3)::float8 FROM orders ORDER BY customer, id -- ordered

SET bytea_output = 'escape'
SELECT name::bytea FROM customers WHERE id = 1
SELECT note::bytea FROM orders ORDER BY customer, id -- ordered

SET IntervalStyle = 'iso_8601'
SELECT max(placed) - min(placed) FROM orders
SET IntervalStyle = 'sql_standard'
SELECT max(placed) - min(placed) FROM orders

SET search_path = side, public
SELECT value FROM kv WHERE key = 'k1'
SELECT count(*) FROM kv
SELECT count(*) FROM customers

SET search_path = pg_catalog
SELECT count(*) FROM public.customers
SELECT name FROM public.customers WHERE id = 1

SET enable_hashagg = off
SELECT note, count(*) FROM orders GROUP BY note ORDER BY note -- ordered

SET statement_timeout = '10s'
SELECT count(*) FROM orders
SHOW statement_timeout

SET default_transaction_read_only = on
SELECT count(*) FROM orders
UPDATE customers SET name = 'x' WHERE id = 1
UPDATE customers SET name = 'x'

SET application_name = 'compare'
SELECT current_setting('application_name'), id FROM customers WHERE id = 2
SELECT current_setting('application_name'), count(*) FROM customers

SET my.tenant = '5'
SELECT name FROM customers WHERE id = current_setting('my.tenant')::bigint
SELECT count(*) FROM orders WHERE customer = current_setting('my.tenant')::bigint

SET client_min_messages = 'error'
SET ROLE nobody_at_all
SELECT current_user = session_user

# === temporary tables
= CREATE TEMP TABLE mine (id bigint, note text)
= INSERT INTO mine VALUES (1, 'a'), (2, 'b'), (3, NULL)
= SELECT * FROM mine ORDER BY id -- ordered
= SELECT c.name FROM customers c JOIN mine m ON m.id = c.id ORDER BY c.id -- ordered
= SELECT c.name FROM customers c JOIN mine m ON m.id = c.id WHERE c.id = 1
= INSERT INTO mine SELECT id, name FROM customers WHERE id > 2
= SELECT count(*), min(id), max(id) FROM mine
= UPDATE mine SET note = 'changed' WHERE id = 1
= DELETE FROM mine WHERE id = 2 RETURNING id
= SELECT count(*) FROM pg_temp.mine
CREATE TEMP TABLE copied AS SELECT id, name FROM customers
SELECT count(*) FROM copied

= CREATE TEMP TABLE emptied (id int) ON COMMIT DELETE ROWS
= INSERT INTO emptied VALUES (1)
= SELECT count(*) FROM emptied
= BEGIN
= INSERT INTO emptied VALUES (1)
= SELECT count(*) FROM emptied
= COMMIT
= SELECT count(*) FROM emptied
= DROP TABLE emptied
= SELECT count(*) FROM emptied

= BEGIN
= CREATE TEMP TABLE passing (id int) ON COMMIT DROP
= INSERT INTO passing SELECT generate_series(1, 5)
= SELECT sum(id) FROM passing
= COMMIT
= SELECT * FROM passing

= BEGIN
= SAVEPOINT s
= CREATE TEMP TABLE undone (id int)
= ROLLBACK TO s
= SELECT * FROM undone
= ROLLBACK
= SELECT * FROM undone

= CREATE TEMP TABLE of_all (id bigint)
= BEGIN
= INSERT INTO of_all VALUES (1)
= UPDATE customers SET name = 'x' WHERE id IN (1, 2, 3)
= INSERT INTO of_all VALUES (2)
= COMMIT
= SELECT count(*) FROM of_all
= SELECT count(*) FROM customers WHERE name = 'x'
= DISCARD TEMP
= SELECT count(*) FROM of_all

= CREATE TEMP SEQUENCE ticking
= SELECT nextval('ticking'), nextval('ticking')
= CREATE TEMP VIEW seen AS SELECT 1 AS one
= SELECT one FROM seen
= DROP VIEW seen
= SELECT one FROM seen
= DISCARD ALL
= SELECT nextval('ticking')

# === advisory locks
= SELECT pg_advisory_lock(4711), pg_try_advisory_lock(4711), pg_try_advisory_lock_shared(4711)
= SELECT pg_advisory_unlock(4711), pg_advisory_unlock(4711), pg_advisory_unlock_shared(4711), pg_advisory_unlock(4711)
= BEGIN
= SELECT pg_advisory_lock(4712)
= ROLLBACK
= SELECT pg_advisory_unlock(4712)
= SELECT pg_advisory_unlock(4712)
= SELECT pg_try_advisory_lock(1, 2)
= SELECT pg_advisory_unlock_all()
= SELECT pg_advisory_unlock(1, 2)
= SELECT pg_advisory_xact_lock(4713)

# === cursors WITH HOLD
= BEGIN
= DECLARE held CURSOR WITH HOLD FOR SELECT id FROM customers ORDER BY id
= FETCH 2 FROM held -- ordered
= COMMIT
= DELETE FROM customers WHERE id = 3
= FETCH 2 FROM held -- ordered
= CLOSE held

= DECLARE one CURSOR WITH HOLD FOR SELECT name FROM customers WHERE id = 2
= FETCH one
= BEGIN
= CLOSE one
= ROLLBACK

= BEGIN
= DECLARE undone CURSOR WITH HOLD FOR SELECT 1
= ROLLBACK

# === set_config
= SELECT set_config('work_mem', '6MB', false)
= SHOW work_mem
= SELECT set_config('work_mem', '7168', false), set_config('my.own', 'x', false) AS own
= SELECT current_setting('work_mem'), current_setting('my.own')
= BEGIN
= SELECT set_config('my.own', 'y', true)
= SELECT current_setting('my.own')
= ROLLBACK
= SELECT current_setting('my.own')
= SELECT set_config('no_such_parameter', '1', false)
= SELECT set_config('work_mem', 'much', false)
= SELECT set_config('work_mem', '6MB', 'maybe')
= RESET work_mem
= SHOW work_mem
= UNLISTEN *
