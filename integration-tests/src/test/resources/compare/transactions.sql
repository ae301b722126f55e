# Transactions, savepoints, errors in them.

# === rows of several shards in one transaction
BEGIN
UPDATE customers SET name = 'a' WHERE id = 1
UPDATE customers SET name = 'b' WHERE id = 2
UPDATE customers SET name = 'c' WHERE id = 3
COMMIT
SELECT name FROM customers WHERE id = 3

BEGIN
UPDATE customers SET name = 'a' WHERE id = 1
UPDATE customers SET name = 'b' WHERE id = 2
UPDATE customers SET name = 'c' WHERE id = 3
ROLLBACK
SELECT name FROM customers WHERE id = 3

BEGIN
INSERT INTO customers (id, name) VALUES (100, 'a')
INSERT INTO orders (customer, id) VALUES (100, 1)
SELECT count(*) FROM orders WHERE customer = 100
SELECT c.name, o.id FROM customers c JOIN orders o ON o.customer = c.id WHERE c.id = 100
SELECT count(*) FROM orders
COMMIT

BEGIN
SELECT name FROM customers WHERE id = 1
SELECT name FROM customers WHERE id = 2
SELECT name FROM customers WHERE id = 3
SELECT count(*) FROM settings
COMMIT

BEGIN
SELECT name FROM customers WHERE id = 1
DELETE FROM customers WHERE id = 2
SELECT count(*) FROM customers
ROLLBACK
SELECT count(*) FROM customers

BEGIN
DELETE FROM orders
SELECT count(*) FROM orders
ROLLBACK
SELECT count(*) FROM orders

BEGIN
INSERT INTO customers (id, name) VALUES (100, 'a'), (101, 'b'), (102, 'c')
SELECT id FROM customers WHERE id > 99 AND id < 200 ORDER BY id -- ordered
SELECT name FROM customers WHERE id = 101
COMMIT
SELECT name FROM customers WHERE id = 102

BEGIN
UPDATE countries SET name = 'x' WHERE code = 'DE'
SELECT n.name FROM customers c JOIN countries n ON n.code = c.country WHERE c.id = 5
SELECT name FROM countries WHERE code = 'DE'
ROLLBACK
SELECT name FROM countries WHERE code = 'DE'

# === errors
BEGIN
UPDATE customers SET name = 'a' WHERE id = 1
INSERT INTO customers (id, name) VALUES (1, 'twice')
SELECT name FROM customers WHERE id = 1
SELECT 1
COMMIT
SELECT name FROM customers WHERE id = 1

BEGIN
UPDATE customers SET name = 'a' WHERE id = 1
INSERT INTO customers (id, name) VALUES (2, 'twice')
UPDATE customers SET name = 'c' WHERE id = 3
COMMIT
SELECT name FROM customers WHERE id = 1

BEGIN
SELECT nothing
UPDATE customers SET name = 'a' WHERE id = 1
ROLLBACK
SELECT name FROM customers WHERE id = 1

BEGIN
INSERT INTO customers (id, name) VALUES (100, 'a'), (101, 'b'), (2, 'twice')
COMMIT
SELECT count(*) FROM customers WHERE id = 100

BEGIN
SELECT 1/0
BEGIN
SAVEPOINT s
END
COMMIT

BEGIN READ ONLY
UPDATE customers SET name = 'a' WHERE id = 1
COMMIT

BEGIN READ ONLY
SELECT count(*) FROM customers
INSERT INTO customers (id, name) VALUES (100, 'a'), (101, 'b')
COMMIT

# === savepoints
BEGIN
INSERT INTO customers (id, name) VALUES (100, 'a')
SAVEPOINT s
INSERT INTO customers (id, name) VALUES (1, 'twice')
ROLLBACK TO s
INSERT INTO orders (customer, id) VALUES (100, 1)
COMMIT
SELECT c.name, o.id FROM customers c JOIN orders o ON o.customer = c.id WHERE c.id = 100

BEGIN
UPDATE customers SET name = 'a' WHERE id = 1
SAVEPOINT s
UPDATE customers SET name = 'b' WHERE id = 2
ROLLBACK TO SAVEPOINT s
UPDATE customers SET name = 'c' WHERE id = 3
RELEASE s
COMMIT
SELECT id, name FROM customers WHERE id IN (1, 2, 3) ORDER BY id -- ordered

BEGIN
SAVEPOINT a
DELETE FROM orders WHERE customer = 1
SAVEPOINT b
DELETE FROM orders WHERE customer = 1
RELEASE a
ROLLBACK TO b
ROLLBACK
SELECT count(*) FROM orders WHERE customer = 1

BEGIN
SAVEPOINT a
SAVEPOINT a
DELETE FROM orders WHERE customer = 1
ROLLBACK TO a
RELEASE a
ROLLBACK TO a
RELEASE a
RELEASE a
COMMIT

BEGIN
SAVEPOINT s
SELECT 1/0
SELECT 1
ROLLBACK TO s
SELECT count(*) FROM orders WHERE customer = 2
ROLLBACK TO s
SELECT count(*) FROM orders
COMMIT

# === isolation and chains
BEGIN ISOLATION LEVEL REPEATABLE READ
SELECT count(*) FROM orders WHERE customer = 2
SELECT count(*) FROM orders WHERE customer = 3
SHOW transaction_isolation
COMMIT

BEGIN
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ
SELECT count(*) FROM orders WHERE customer = 2
SET TRANSACTION ISOLATION LEVEL READ COMMITTED
COMMIT

BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY, NOT DEFERRABLE
SELECT count(*) FROM orders
COMMIT AND CHAIN
SHOW transaction_read_only
ROLLBACK AND NO CHAIN
SHOW transaction_read_only

BEGIN
UPDATE orders SET note = 'chained' WHERE customer = 2
COMMIT AND CHAIN
UPDATE orders SET note = 'again' WHERE customer = 2
ROLLBACK AND CHAIN
SELECT note FROM orders WHERE customer = 2 AND id = 1
COMMIT

BEGIN
SET LOCAL TimeZone = 'Asia/Tokyo'
SELECT placed FROM orders WHERE customer = 1 AND id = 1
COMMIT
SELECT placed FROM orders WHERE customer = 1 AND id = 1

# === several statements in one text
INSERT INTO customers (id, name) VALUES (100, 'a'); INSERT INTO orders (customer, id) VALUES (100, 1)
SELECT count(*) FROM orders WHERE customer = 100

INSERT INTO customers (id, name) VALUES (100, 'a'); INSERT INTO customers (id, name) VALUES (101, 'b'); INSERT INTO customers (id, name) VALUES (102, 'c')
SELECT count(*) FROM customers WHERE id = 102

INSERT INTO customers (id, name) VALUES (100, 'a'); INSERT INTO customers (id, name) VALUES (1, 'twice')
SELECT count(*) FROM customers WHERE id = 100

BEGIN; INSERT INTO customers (id, name) VALUES (100, 'a'); COMMIT; SELECT name FROM customers WHERE id = 100
SELECT name FROM customers WHERE id = 100

BEGIN; INSERT INTO customers (id, name) VALUES (100, 'a')
SELECT name FROM customers WHERE id = 100
ROLLBACK
SELECT name FROM customers WHERE id = 100

SELECT 1; SELECT name FROM customers WHERE id = 1; SELECT 2
SELECT name FROM customers WHERE id = 1; SELECT name FROM customers WHERE id = 2
SELECT count(*) FROM customers; SELECT count(*) FROM orders; SELECT count(*) FROM settings

# === a chain begins anew after a failure
BEGIN READ ONLY
SELECT 1/0
COMMIT AND CHAIN
SHOW transaction_read_only
ROLLBACK

BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY
SELECT count(*) FROM settings
SELECT 1/0
ROLLBACK AND CHAIN
SHOW transaction_read_only
SHOW transaction_isolation
ROLLBACK

BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY
EXECUTE nothing
COMMIT AND CHAIN
SHOW transaction_read_only
SHOW transaction_isolation
ROLLBACK

# === writes of unsharded tables that read sharded ones
BEGIN
DELETE FROM settings WHERE EXISTS (SELECT 1 FROM customers)
ROLLBACK
SELECT count(*) FROM settings

BEGIN
UPDATE settings SET value = (SELECT max(name) FROM customers)
ROLLBACK
SELECT name, value FROM settings ORDER BY name -- ordered

BEGIN
INSERT INTO settings (name, value) SELECT 'n' || id, name FROM customers
COMMIT
SELECT count(*) FROM settings

BEGIN
WITH gone AS (DELETE FROM settings WHERE name IN (SELECT name FROM customers) OR true RETURNING name) SELECT count(*) FROM gone, customers
ROLLBACK
SELECT count(*) FROM settings

# === what can't run in a transaction
BEGIN
VACUUM orders
SELECT 1
ROLLBACK

BEGIN
SELECT name FROM customers WHERE id = 1
CREATE INDEX CONCURRENTLY orders_amount ON orders (amount)
ROLLBACK

# === BEGIN in a transaction sets its modes, and a chain keeps them
BEGIN
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY
SHOW transaction_isolation
UPDATE customers SET name = 'b' WHERE id = 2
ROLLBACK

BEGIN
UPDATE customers SET name = 'a' WHERE id = 1
UPDATE customers SET name = 'b' WHERE id = 2
BEGIN READ ONLY
UPDATE customers SET name = 'c' WHERE id = 3
ROLLBACK

BEGIN ISOLATION LEVEL REPEATABLE READ
UPDATE customers SET name = 'a' WHERE id = 1
UPDATE customers SET name = 'b' WHERE id = 2
COMMIT AND CHAIN
SHOW transaction_isolation
UPDATE customers SET name = 'c' WHERE id = 3
ROLLBACK
SELECT name FROM customers WHERE id IN (1, 2, 3) ORDER BY id

# === what is written wrongly fails a transaction wherever it is
BEGIN
UPDATE customers SET name = 'a' WHERE id = 1
UPDATE customers SET name = 'b' WHERE id = 2
SELECT name FROM customers WHERE name = 'open
SELECT 1
ROLLBACK
SELEC name FROM customers
