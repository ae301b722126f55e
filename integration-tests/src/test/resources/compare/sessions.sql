# PREPARE and EXECUTE, cursors, settings.

# === prepared statements
PREPARE one (bigint) AS SELECT name FROM customers WHERE id = $1
EXECUTE one (1)
EXECUTE one (2)
EXECUTE one (3)
EXECUTE one (NULL)
EXECUTE one
EXECUTE one (1, 2)
EXECUTE one ('x')
DEALLOCATE one
EXECUTE one (1)

PREPARE everything AS SELECT id FROM customers ORDER BY id
EXECUTE everything -- ordered
DEALLOCATE PREPARE everything

PREPARE new (bigint, text) AS INSERT INTO customers (id, name) VALUES ($1, $2) RETURNING id
EXECUTE new (100, 'a')
EXECUTE new (101, 'b')
EXECUTE new (1, 'twice')
EXECUTE new (100 + 2, 'c')
SELECT name FROM customers WHERE id = 101

PREPARE several AS INSERT INTO customers (id, name) VALUES ($1, 'a'), ($2, 'b')
EXECUTE several (100, 101)
SELECT count(*) FROM customers WHERE id IN (100, 101)

PREPARE twice AS SELECT 1
PREPARE twice AS SELECT 2
EXECUTE twice
DEALLOCATE ALL
EXECUTE twice

PREPARE broken AS SELECT nothing FROM customers
EXECUTE broken

PREPARE sums AS SELECT note, sum(amount) FROM orders WHERE customer <> $1 GROUP BY note ORDER BY note
EXECUTE sums (1) -- ordered
EXECUTE sums (2) -- ordered
BEGIN
EXECUTE sums (2) -- ordered
ROLLBACK

SELECT name, statement FROM pg_prepared_statements WHERE name = 'mine'
PREPARE mine AS SELECT 1
SELECT name FROM pg_prepared_statements WHERE name = 'mine'

# === cursors
BEGIN
DECLARE c CURSOR FOR SELECT id, name FROM customers ORDER BY id
FETCH 3 FROM c -- ordered
FETCH NEXT FROM c
FETCH ALL FROM c -- ordered
FETCH 1 FROM c
CLOSE c
COMMIT

BEGIN
DECLARE c SCROLL CURSOR FOR SELECT customer, id FROM orders ORDER BY customer, id
MOVE 5 FROM c
FETCH BACKWARD 2 FROM c -- ordered
FETCH LAST FROM c
FETCH ABSOLUTE 2 FROM c
FETCH RELATIVE -1 FROM c
FETCH FIRST FROM c
CLOSE c
FETCH 1 FROM c
ROLLBACK

BEGIN
DECLARE c CURSOR FOR SELECT id FROM orders WHERE customer = 2 ORDER BY id
FETCH 2 FROM c -- ordered
UPDATE orders SET note = 'current' WHERE CURRENT OF c
COMMIT
SELECT id FROM orders WHERE customer = 2 AND note = 'current'

DECLARE c CURSOR FOR SELECT 1
DECLARE c CURSOR WITH HOLD FOR SELECT id FROM customers WHERE id = 1
FETCH ALL FROM c
CLOSE c

BEGIN
DECLARE c CURSOR FOR SELECT count(*) FROM orders
DECLARE d CURSOR FOR SELECT name FROM settings ORDER BY name
FETCH ALL FROM d -- ordered
FETCH ALL FROM c
CLOSE ALL
COMMIT

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
