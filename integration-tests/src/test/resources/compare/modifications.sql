# UPDATE, DELETE, MERGE, TRUNCATE.

# --- UPDATE
UPDATE customers SET name = 'x' WHERE id = 1
UPDATE customers SET name = 'x' WHERE id = 1 RETURNING *
UPDATE customers SET name = $2 WHERE id = $1 RETURNING id, name -- parameters 1:int8 | y:text
UPDATE customers SET name = $1 WHERE id = $2 -- parameters y | 1
UPDATE customers SET name = 'x' WHERE id = 1000
UPDATE customers SET name = 'x'
UPDATE customers SET name = name || '!' WHERE vip RETURNING id, name
UPDATE customers SET name = NULL WHERE id = 1
UPDATE customers SET name = NULL WHERE vip
UPDATE customers SET vip = NOT vip WHERE id IN (1, 2, 3, 4)
UPDATE customers SET vip = DEFAULT, born = NULL WHERE country = 'DE' RETURNING id
UPDATE customers SET (name, country) = ('x', 'AT') WHERE id = 1 RETURNING name, country
UPDATE customers SET (name, country) = (SELECT name, code FROM countries WHERE code = 'AT') WHERE id = 1
UPDATE customers SET id = 1 WHERE id = 1
UPDATE customers SET id = 100 WHERE id = 1
UPDATE customers SET id = 100 WHERE id = 1 RETURNING *
UPDATE customers SET id = id + 1000 WHERE id < 100
UPDATE customers SET id = 2 WHERE id = 1
UPDATE customers SET id = NULL WHERE id = 1
UPDATE customers SET id = -id WHERE id = 3
UPDATE orders SET id = id + 100 WHERE customer = 2 RETURNING id
UPDATE orders SET id = id + 100
UPDATE orders SET customer = 50 WHERE customer = 2
UPDATE orders SET customer = customer + 1000 WHERE customer < 1000
UPDATE orders SET amount = amount * 2 WHERE customer = 2
UPDATE orders SET amount = amount * 2 RETURNING customer, id, amount
UPDATE orders SET amount = amount + 0.005 WHERE amount > 50
UPDATE orders SET amount = 99999999999 WHERE customer = 2
UPDATE orders SET amount = -1000000 WHERE customer = 2
UPDATE orders SET amount = 1 / (id - 2) WHERE customer = 2
UPDATE orders SET amount = 0 WHERE placed IS NULL OR note = 'red'
UPDATE orders o SET note = c.name FROM customers c WHERE c.id = o.customer
UPDATE orders o SET note = c.name FROM customers c WHERE c.id = o.customer AND c.id = 3 RETURNING o.id, c.name
UPDATE orders o SET note = c.name FROM customers c WHERE c.id = o.customer AND o.customer = 3
UPDATE orders o SET note = n.name FROM customers c JOIN countries n ON n.code = c.country WHERE c.id = o.customer
UPDATE orders o SET note = n.name FROM countries n WHERE n.code = 'DE' AND o.customer = 1
UPDATE orders SET note = s.value FROM settings s WHERE s.n = orders.id
UPDATE orders SET note = (SELECT name FROM customers WHERE id = customer)
UPDATE orders SET note = (SELECT name FROM customers c WHERE c.id = orders.customer) WHERE customer = 4 OR customer = 5
UPDATE orders SET amount = (SELECT max(amount) FROM orders)
UPDATE customers SET name = 'many' WHERE id IN (SELECT customer FROM orders GROUP BY customer HAVING count(*) > 3)
UPDATE customers c SET name = 'none' WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer = c.id) RETURNING c.id
UPDATE customers c SET country = d.country FROM customers d WHERE d.id = c.id + 1 AND c.id = 1
UPDATE countries SET name = upper(name)
UPDATE countries SET name = 'x' WHERE code = 'DE' RETURNING *
UPDATE countries SET code = lower(code)
UPDATE countries SET name = (SELECT count(*)::text FROM customers WHERE country = code)
= UPDATE settings SET value = upper(name) WHERE n = 1 RETURNING *
UPDATE settings SET value = (SELECT count(*) FROM customers)
UPDATE settings SET value = c.name FROM customers c WHERE c.id = settings.n
UPDATE customers SET nothing = 1 WHERE id = 1
UPDATE customers SET name = 'x', name = 'y' WHERE id = 1
UPDATE customers SET name = 'x' WHERE id = 'x'
UPDATE nothing SET name = 'x' WHERE id = 1

# --- DELETE
DELETE FROM orders WHERE customer = 3
DELETE FROM orders WHERE customer = 3 AND id = 2 RETURNING *
DELETE FROM orders WHERE customer = $1 AND id = $2 RETURNING note -- parameters 3:int8 | 2:int4
DELETE FROM orders
DELETE FROM orders RETURNING customer, id
DELETE FROM orders WHERE amount IS NULL
DELETE FROM orders WHERE amount > 50 RETURNING customer, id
DELETE FROM orders WHERE customer IN (1, 2, 3)
DELETE FROM orders WHERE customer = ANY ($1) RETURNING customer, id -- parameters {1,2}
DELETE FROM orders WHERE false
DELETE FROM orders USING customers c WHERE c.id = orders.customer AND c.vip
DELETE FROM orders USING customers c WHERE c.id = orders.customer AND c.id = 8 RETURNING orders.id, c.name
DELETE FROM orders USING countries n WHERE n.code = note
DELETE FROM orders o WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = o.customer)
DELETE FROM orders WHERE customer IN (SELECT id FROM customers WHERE country = 'IT')
DELETE FROM orders WHERE (customer, id) IN (SELECT customer, max(id) FROM orders GROUP BY customer)
DELETE FROM customers WHERE id = 1 AND EXISTS (SELECT FROM orders WHERE customer = 1)
DELETE FROM customers WHERE id = 1 AND EXISTS (SELECT FROM orders WHERE customer = 2)
DELETE FROM customers WHERE id < (SELECT avg(id) FROM customers WHERE id < 100)
DELETE FROM countries WHERE code = 'DE'
DELETE FROM countries
DELETE FROM countries WHERE code NOT IN (SELECT country FROM customers WHERE country IS NOT NULL) RETURNING code
= DELETE FROM settings WHERE n IS NULL RETURNING name
DELETE FROM settings WHERE name IN (SELECT country FROM customers)
DELETE FROM ONLY orders WHERE customer = 3
DELETE FROM orders WHERE nothing = 1
TRUNCATE orders
TRUNCATE TABLE orders, customers
TRUNCATE countries
TRUNCATE ONLY kv RESTART IDENTITY
= TRUNCATE settings
TRUNCATE settings, orders

# --- MERGE
MERGE INTO customers c USING (VALUES (1, 'merged'), (100, 'new')) AS s(id, name) ON c.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name)
MERGE INTO customers c USING (VALUES (1, 'merged')) AS s(id, name) ON c.id = s.id AND c.id = 1 WHEN MATCHED THEN UPDATE SET name = s.name
MERGE INTO customers c USING (SELECT 1 AS id) s ON c.id = 1 WHEN MATCHED THEN DELETE
= MERGE INTO orders o USING customers c ON c.id = o.customer WHEN MATCHED AND c.vip THEN DELETE WHEN MATCHED THEN UPDATE SET note = c.name WHEN NOT MATCHED THEN INSERT (customer, id) VALUES (c.id, 1)
= MERGE INTO orders o USING customers c ON c.id = o.customer AND c.id = 3 WHEN MATCHED THEN DELETE
= MERGE INTO orders o USING customers c ON c.id = o.customer WHEN MATCHED THEN DELETE
= MERGE INTO orders o USING customers c ON c.id = o.customer WHEN MATCHED AND o.amount > $1 THEN UPDATE SET amount = o.amount - $1, note = c.name WHEN MATCHED AND o.id = 1 THEN DO NOTHING WHEN MATCHED THEN DELETE -- parameters 20:numeric
= MERGE INTO orders o USING customers c ON c.id = o.customer WHEN NOT MATCHED THEN INSERT (customer, id, note) VALUES (c.id, 7, c.name)
= MERGE INTO orders USING customers ON customers.id = customer WHEN NOT MATCHED AND vip THEN INSERT (id, customer, amount) VALUES (1, customers.id, 0.5) WHEN NOT MATCHED THEN DO NOTHING
= MERGE INTO customers c USING orders o ON o.customer = c.id AND o.id = 1 WHEN NOT MATCHED AND o.id = 1 AND o.customer = 20 THEN INSERT (id, name) VALUES (o.customer, o.note)
= MERGE INTO customers c USING orders o ON o.customer = c.id WHEN MATCHED THEN UPDATE SET name = o.note
= MERGE INTO customers c USING orders o ON o.customer = c.id AND o.id = 2 WHEN MATCHED THEN UPDATE SET name = coalesce(o.note, 'none'), vip = true
= MERGE INTO orders o USING customers c LEFT JOIN countries n ON n.code = c.country ON c.id = o.customer WHEN MATCHED THEN UPDATE SET note = n.name WHEN NOT MATCHED THEN INSERT (customer, id, note) VALUES (c.id, 1, n.name)
= MERGE INTO customers c USING countries n ON n.code = c.country WHEN MATCHED THEN UPDATE SET name = c.name || ' of ' || n.name
= MERGE INTO customers c USING countries n ON n.code = c.country WHEN MATCHED AND n.code = 'DE' THEN DELETE WHEN NOT MATCHED THEN DO NOTHING
= MERGE INTO orders o USING (VALUES ('red', 1.00), ('green', 2.00)) AS s (note, more) ON s.note = o.note WHEN MATCHED THEN UPDATE SET amount = o.amount + s.more
= MERGE INTO orders o USING generate_series(1, 2) AS s (n) ON s.n = o.id WHEN MATCHED THEN DELETE
= MERGE INTO customers c USING (VALUES (1, 'a'), (2, 'b'), (3, 'c')) AS s (id, name) ON c.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name
= MERGE INTO orders o USING customers c ON c.id = o.customer WHEN NOT MATCHED BY SOURCE THEN DELETE
= MERGE INTO orders o USING customers c ON c.id = o.customer WHEN MATCHED AND NOT c.vip THEN DELETE WHEN NOT MATCHED BY SOURCE THEN UPDATE SET note = 'of nobody' WHEN NOT MATCHED THEN INSERT (customer, id) VALUES (c.id, 9) RETURNING merge_action(), o.customer, o.id, c.name
= MERGE INTO customers c USING countries n ON n.code = c.country WHEN NOT MATCHED BY SOURCE THEN UPDATE SET country = 'AT' RETURNING c.id, c.country
MERGE INTO orders o USING customers c ON c.id = o.customer WHEN NOT MATCHED THEN INSERT (customer, id) VALUES (c.id, NULL)
MERGE INTO orders o USING customers c ON c.id = o.customer WHEN NOT MATCHED THEN INSERT VALUES (c.id, 8)
MERGE INTO orders o USING customers c ON c.id = o.customer WHEN NOT MATCHED THEN INSERT (customer, id) VALUES (c.id + 1000, 1)
MERGE INTO orders o USING customers c ON c.id = o.customer WHEN MATCHED THEN UPDATE SET customer = o.customer + 1000
MERGE INTO orders o USING customers c ON c.id = o.id WHEN MATCHED THEN UPDATE SET note = c.name WHEN NOT MATCHED THEN DO NOTHING
MERGE INTO customers c USING countries n ON n.code = c.country WHEN NOT MATCHED THEN INSERT (id, name) VALUES (length(n.name), n.name)
MERGE INTO orders o USING (SELECT id, name FROM customers WHERE vip) c ON c.id = o.customer WHEN MATCHED THEN DELETE
MERGE INTO countries n USING (VALUES ('DE', 'merged'), ('ES', 'new')) AS s(code, name) ON n.code = s.code WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT VALUES (s.code, s.name)
MERGE INTO settings s USING countries n ON n.code = s.name WHEN MATCHED THEN UPDATE SET value = n.name WHEN NOT MATCHED THEN INSERT VALUES (n.code, n.name, 0)
MERGE INTO settings s USING customers c ON c.country = s.name WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT VALUES (c.name || c.id, NULL, 0)
MERGE INTO customers c USING (VALUES (1), (2)) AS s(id) ON c.id = s.id WHEN MATCHED THEN DELETE RETURNING merge_action(), c.id
MERGE INTO customers c USING (VALUES (1, 2)) AS s(id, other) ON c.id = s.id WHEN MATCHED THEN UPDATE SET id = other + 1000

# --- in WITH
WITH d AS (DELETE FROM orders WHERE customer = 3 RETURNING *) SELECT count(*), sum(amount) FROM d
WITH d AS (DELETE FROM orders WHERE amount > 50 RETURNING *) SELECT count(*), sum(amount) FROM d
WITH d AS (DELETE FROM orders RETURNING *) SELECT customer, count(*) FROM d GROUP BY customer ORDER BY 1 -- ordered
WITH u AS (UPDATE customers SET vip = true RETURNING id) SELECT count(*) FROM u
WITH u AS (UPDATE customers SET name = 'x' WHERE id = 1 RETURNING *) SELECT u.name, c.name FROM u JOIN customers c USING (id)
WITH d AS (DELETE FROM orders WHERE customer = 1 RETURNING *) INSERT INTO orders SELECT 2, id + 500, amount, note, placed FROM d
WITH d AS (DELETE FROM orders WHERE customer = 1 RETURNING *) INSERT INTO orders SELECT customer, id + 500, amount, note, placed FROM d RETURNING id
WITH s AS (DELETE FROM settings RETURNING n) DELETE FROM orders USING s WHERE orders.id = s.n
WITH c AS (SELECT id FROM customers WHERE vip) DELETE FROM orders USING c WHERE c.id = customer
WITH c AS (SELECT id FROM customers WHERE id = 3) UPDATE orders SET note = 'with' FROM c WHERE customer = c.id AND customer = 3
