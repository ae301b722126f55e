# The faults of other proxies, one by one.

# --- the first key found decides nothing
SELECT id, name FROM customers WHERE id = 1 UNION SELECT id, name FROM customers WHERE id = 2 ORDER BY 1 -- ordered
SELECT id, name FROM customers WHERE id = 1 UNION ALL SELECT id, name FROM customers WHERE id = 2 UNION ALL SELECT id, name FROM customers WHERE id = 3 ORDER BY 1 -- ordered
SELECT count(*) FROM customers WHERE EXISTS (SELECT FROM orders WHERE customer = 1)
SELECT count(*) FROM customers WHERE id = 1 OR name = 'Bob'
SELECT count(*) FROM customers WHERE (SELECT name FROM customers WHERE id = 1) IS NOT NULL
SELECT id FROM customers WHERE id = 1 OR id = 2 OR id = 3 ORDER BY id -- ordered
SELECT id FROM customers WHERE NOT (id <> 1 AND id <> 2) ORDER BY id -- ordered
SELECT id FROM customers WHERE id = CASE WHEN true THEN 2 ELSE 1 END
SELECT c.id, d.id FROM customers c, customers d WHERE c.id = 1 AND d.id = 2
WITH one AS (SELECT * FROM customers WHERE id = 1) SELECT count(*) FROM customers, one
DELETE FROM orders WHERE customer = 1 OR amount IS NULL
UPDATE customers SET name = 'x' WHERE id = 1 OR id = 2 OR id = 3
SELECT id FROM customers WHERE id IN (SELECT customer FROM orders WHERE customer = 1 OR customer = 2) ORDER BY 1 -- ordered

# --- where a row goes that has no plain key
INSERT INTO customers (id, name) VALUES (length('abc') + 100, 'x') RETURNING id
INSERT INTO customers (id, name) VALUES (NULL, 'x')
INSERT INTO customers (name) VALUES ('x')
INSERT INTO kv (key, value) VALUES (12345, 'digits')
INSERT INTO kv (key, value) VALUES (NULL, 'x')
INSERT INTO kv (key, value) VALUES (12345, 'digits') RETURNING key
INSERT INTO kv (key, value) VALUES ('12345'::varchar, 'digits') RETURNING key
INSERT INTO kv (key, value) VALUES ($1, $2) RETURNING key -- parameters 12345 | digits
INSERT INTO kv (key, value) VALUES (upper('x'), 'x'), (lower('Y'), 'y') RETURNING key -- ordered

# --- order and groups are of the whole
SELECT name FROM customers ORDER BY born NULLS LAST, id -- ordered
SELECT note FROM orders ORDER BY amount DESC NULLS LAST, customer, id -- ordered
SELECT name FROM customers ORDER BY born DESC NULLS LAST, id LIMIT 4 OFFSET 3 -- ordered
SELECT country, count(*) FROM customers GROUP BY country HAVING count(*) > 2 ORDER BY country -- ordered
SELECT country, count(*) FROM customers GROUP BY country HAVING count(*) = 1 ORDER BY country -- ordered
SELECT count(*) FROM customers HAVING count(*) > 16
SELECT country FROM customers GROUP BY country HAVING sum(id) > 20 ORDER BY 1 -- ordered
SELECT id, rank() OVER (ORDER BY born) FROM customers ORDER BY id -- ordered
SELECT sum(id) FROM customers
SELECT avg(id) FROM customers
SELECT max(id) + 1 FROM customers
SELECT DISTINCT ON (vip) vip, id FROM customers ORDER BY vip, id DESC -- ordered
SELECT EXISTS (SELECT FROM customers WHERE id = 1), EXISTS (SELECT FROM customers WHERE id = 2), EXISTS (SELECT FROM customers WHERE id = 999)

# === half-applied writes
INSERT INTO customers (id, name) VALUES (100, 'a'), (101, 'b'), (102, 'c'), (3, 'twice')
SELECT count(*) FROM customers WHERE id = 100
SELECT count(*) FROM customers WHERE id = 101
SELECT count(*) FROM customers WHERE id = 102

UPDATE orders SET amount = 10000 / (customer - 3)
SELECT count(*) FROM orders WHERE amount = 10000

BEGIN
UPDATE customers SET name = 'x'
INSERT INTO customers (id, name) VALUES (1, 'twice')
COMMIT
SELECT count(*) FROM customers WHERE name = 'x'

BEGIN
INSERT INTO customers (id, name) VALUES (100, 'a')
SELECT nothing
COMMIT
SELECT count(*) FROM customers WHERE id = 100

# === what belongs to a session stays with it
SET application_name = 'mine'
SELECT name FROM customers WHERE id = 1
SHOW application_name
SET TimeZone = 'Asia/Tokyo'
SELECT placed FROM orders WHERE customer = 1 AND id = 1
SELECT placed FROM orders WHERE customer = 2 AND id = 1
SELECT placed FROM orders WHERE customer = 3 AND id = 1
SHOW TimeZone
DISCARD ALL
SHOW TimeZone
SHOW application_name

PREPARE s AS SELECT name FROM customers WHERE id = $1
EXECUTE s (1)
PREPARE s AS SELECT 1
DEALLOCATE s
PREPARE s AS SELECT id FROM customers WHERE id = $1
EXECUTE s (2)
DEALLOCATE s
DEALLOCATE s
EXECUTE s (1)
