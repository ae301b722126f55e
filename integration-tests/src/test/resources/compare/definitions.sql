# Views, functions, DO, sequences, EXPLAIN, DDL. What a case makes it also drops.

# === views
CREATE VIEW rich AS SELECT customer, sum(amount) AS total FROM orders GROUP BY customer HAVING sum(amount) > 100
SELECT * FROM rich ORDER BY customer -- ordered
SELECT * FROM rich WHERE customer = 3
SELECT c.name, r.total FROM customers c JOIN rich r ON r.customer = c.id ORDER BY c.id -- ordered
DROP VIEW IF EXISTS rich

CREATE VIEW plain AS SELECT id, name FROM customers WHERE country = 'DE'
SELECT * FROM plain WHERE id = 5
SELECT count(*) FROM plain
UPDATE plain SET name = 'x' WHERE id = 5
DELETE FROM plain
INSERT INTO plain VALUES (100, 'a')
DROP VIEW IF EXISTS plain

CREATE OR REPLACE VIEW named AS SELECT code, name FROM countries
SELECT * FROM named ORDER BY code -- ordered
SELECT c.id, n.name FROM customers c JOIN named n ON n.code = c.country ORDER BY 1 -- ordered
DROP VIEW named

# === functions
CREATE FUNCTION total_of(who bigint) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT sum(amount) FROM orders WHERE customer = who'
SELECT total_of(1), total_of(2), total_of(3)
SELECT id, total_of(id) FROM customers ORDER BY id -- ordered
SELECT name FROM customers WHERE id = 1 AND total_of(2) > 0
DROP FUNCTION IF EXISTS total_of(bigint)

CREATE FUNCTION add_order(who bigint, which int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO orders (customer, id) VALUES (who, which); END $$
SELECT add_order(1, 100)
SELECT add_order(2, 100)
SELECT count(*) FROM orders WHERE id = 100
DROP FUNCTION IF EXISTS add_order(bigint, int)

CREATE FUNCTION twice(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT n * 2'
SELECT twice(21)
SELECT name FROM customers WHERE id = twice(2)
SELECT id, twice(id) FROM customers WHERE id = 3
SELECT id, twice(id) FROM customers WHERE id < 50 ORDER BY id -- ordered
UPDATE customers SET name = twice(id)::text WHERE id = 3
DROP FUNCTION IF EXISTS twice(bigint)

CREATE PROCEDURE clear() LANGUAGE sql AS 'DELETE FROM orders'
CALL clear()
SELECT count(*) FROM orders
DROP PROCEDURE IF EXISTS clear()

# --- DO
DO $$ BEGIN DELETE FROM orders; END $$
DO $$ BEGIN UPDATE customers SET name = 'x' WHERE id = 1; END $$
DO $$ BEGIN INSERT INTO settings VALUES ('do', 'it', 1); END $$
DO $$ DECLARE n bigint; BEGIN SELECT count(*) INTO n FROM customers; IF n < 10 THEN RAISE EXCEPTION 'few'; END IF; END $$
DO $$ BEGIN RAISE NOTICE 'hello'; END $$
DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'P0099'; END $$
DO $$ BEGIN PERFORM count(*) FROM orders; END $$

# === sequences
CREATE SEQUENCE compared START 5
SELECT nextval('compared'), nextval('compared')
SELECT currval('compared')
SELECT lastval()
SELECT setval('compared', 100)
INSERT INTO customers (id, name) VALUES (nextval('compared'), 'a') RETURNING id
SELECT last_value FROM compared
DROP SEQUENCE compared

BEGIN
CREATE TABLE counted (id bigserial PRIMARY KEY, note text)
INSERT INTO counted (note) VALUES ('a'), ('b') RETURNING id -- ordered
INSERT INTO counted (note) SELECT name FROM countries ORDER BY code
SELECT max(id), currval('counted_id_seq') FROM counted
ALTER SEQUENCE counted_id_seq RESTART WITH 50
INSERT INTO counted DEFAULT VALUES RETURNING id
ROLLBACK

# === tables of the home shard
CREATE TABLE made (id int PRIMARY KEY, note text)
INSERT INTO made VALUES (1, 'a'), (2, 'b')
SELECT * FROM made ORDER BY id -- ordered
ALTER TABLE made ADD COLUMN more text DEFAULT 'x'
SELECT * FROM made ORDER BY id -- ordered
CREATE INDEX made_note ON made (note)
SELECT c.name, m.note FROM customers c JOIN made m ON m.id = c.id ORDER BY c.id -- ordered
DROP TABLE made
SELECT * FROM made

BEGIN
CREATE TABLE made AS SELECT code FROM countries
SELECT count(*) FROM made
CREATE TABLE made_too (LIKE countries)
INSERT INTO made_too SELECT * FROM countries
SELECT count(*) FROM made_too
ROLLBACK
SELECT count(*) FROM made

CREATE TEMP TABLE passing (id bigint, note text)
INSERT INTO passing VALUES (1, 'a'), (2, 'b')
SELECT * FROM passing ORDER BY id -- ordered
SELECT c.name FROM customers c JOIN passing p ON p.id = c.id ORDER BY c.id -- ordered
SELECT c.name FROM customers c JOIN passing p ON p.id = c.id WHERE c.id = 1
DROP TABLE passing

# === sharded tables and countries
CREATE INDEX orders_note ON orders (note)
SELECT count(*) FROM orders WHERE note = 'red'
DROP INDEX IF EXISTS orders_note

BEGIN
ALTER TABLE orders ADD COLUMN more int DEFAULT 7
SELECT more, count(*) FROM orders GROUP BY more
SELECT more FROM orders WHERE customer = 1 AND id = 1
ROLLBACK

ALTER TABLE orders ADD COLUMN more int DEFAULT 7
SELECT * FROM orders ORDER BY customer, id -- ordered
SELECT more FROM orders WHERE customer = 2 AND id = 1
ALTER TABLE orders ALTER COLUMN more SET DEFAULT 8
INSERT INTO orders (customer, id) VALUES (100, 1) RETURNING more
ALTER TABLE orders DROP COLUMN IF EXISTS more
SELECT * FROM orders WHERE customer = 100

ALTER TABLE countries ADD COLUMN continent text DEFAULT 'Europe'
SELECT * FROM countries ORDER BY code -- ordered
ALTER TABLE countries DROP COLUMN continent

COMMENT ON TABLE orders IS 'bought'
COMMENT ON TABLE orders IS NULL

ALTER TABLE orders ADD CONSTRAINT positive CHECK (id > 0)
INSERT INTO orders (customer, id) VALUES (100, -1)
ALTER TABLE orders DROP CONSTRAINT IF EXISTS positive

ALTER TABLE orders ADD CONSTRAINT negative CHECK (id < 0)
ALTER TABLE orders DROP CONSTRAINT IF EXISTS negative
ALTER TABLE customers ADD UNIQUE (name)
CREATE UNIQUE INDEX one_name ON customers (name)
CREATE TABLE orders (id int)
CREATE TABLE IF NOT EXISTS orders (id int)
DROP TABLE nothing
DROP TABLE IF EXISTS nothing
ALTER TABLE orders RENAME COLUMN nothing TO something
ALTER TABLE nothing ADD COLUMN x int
CREATE INDEX ON orders (nothing)

# --- maintenance and EXPLAIN
ANALYZE orders
VACUUM orders
VACUUM (ANALYZE) customers
REINDEX TABLE orders
LOCK TABLE orders
= ANALYZE settings
CHECKPOINT
EXPLAIN (COSTS OFF) SELECT * FROM settings
SELECT count(*) > 0 FROM pg_class WHERE relname = 'orders'
SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'orders' AND table_schema = 'public' ORDER BY ordinal_position -- ordered
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum > 0 ORDER BY attnum -- ordered
SELECT pg_typeof(id), pg_typeof(amount) FROM orders WHERE customer = 1 AND id = 1
SELECT 'orders'::regclass, to_regclass('nothing'), 'orders'::regclass::oid > 0
SELECT n_live_tup >= 0 FROM pg_stat_user_tables WHERE relname = 'orders'
SELECT pg_relation_size('orders') > 0
SELECT has_table_privilege('orders', 'SELECT')
