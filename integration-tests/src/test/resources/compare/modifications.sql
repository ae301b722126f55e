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
= UPDATE customers SET id = 1 WHERE id = 1
= UPDATE customers SET id = 100 WHERE id = 1
= UPDATE customers SET id = 100 WHERE id = 1 RETURNING *
= UPDATE customers SET id = id + 1000 WHERE id < 100
= UPDATE customers SET id = id + 1000
= UPDATE customers SET id = 2 WHERE id = 1
= UPDATE customers SET id = NULL WHERE id = 1
= UPDATE customers SET id = -id WHERE id = 3
UPDATE orders SET id = id + 100 WHERE customer = 2 RETURNING id
UPDATE orders SET id = id + 100
= UPDATE orders SET customer = 50 WHERE customer = 2
= UPDATE orders SET customer = customer + 1000 WHERE customer < 1000
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

# --- UPDATE of keys
= UPDATE customers SET id = $2 WHERE id = $1 -- parameters 1:int8 | 100:int8
= UPDATE customers SET id = $2, name = $3 WHERE id = $1 RETURNING id, name || $4 -- parameters 1:int8 | 100:int8 | moved:text | !:text
= UPDATE customers SET id = $2 WHERE id = $1 RETURNING id -- parameters 1 | 100
= UPDATE customers SET id = $2 WHERE id = $1 -- parameters NULL:int8 | 100:int8
= UPDATE customers SET id = $2 WHERE id = $1 -- parameters 1:int8 | NULL:int8
= UPDATE customers SET id = $2 WHERE id = $1 -- parameters 1:int4 | 100:numeric
= UPDATE customers SET id = $1 WHERE id = $1 -- parameters NULL:int8
= UPDATE customers SET id = $1 WHERE id = $1 -- parameters 3:int8
= UPDATE customers SET id = $1 + id WHERE id = ANY ($2) RETURNING id, name -- parameters 100:int8 | {1,2,3}:int8_array
= UPDATE customers SET id = id + 100 WHERE id IN (1, 2, 3, 4, 5) RETURNING *
= UPDATE customers SET id = id + 1000, name = name || '!', vip = NOT vip WHERE id < 100 RETURNING id, name, vip, born
= UPDATE customers AS c SET id = c.id + 1000 WHERE c.vip RETURNING c.*
= UPDATE customers c SET id = c.id + 1000 WHERE (c.vip OR c.born IS NULL) RETURNING c.id, c.name AS n, length(name)
= UPDATE public.customers SET id = customers.id + 1000 WHERE public.customers.id = 4 RETURNING customers.id, public.customers.name
= UPDATE customers SET (id, name) = (id + 1000, 'moved') WHERE id < 5 RETURNING id, name
= UPDATE customers SET (name, id) = ROW('moved', id + 1000) WHERE id < 5
= UPDATE customers SET id = ((id) + (1000)), name = ('x') WHERE ((id < 5)) RETURNING (id)
= UPDATE customers SET id = id + 1000, vip = DEFAULT, country = DEFAULT WHERE vip RETURNING id, vip, country
= UPDATE customers SET id = 100 WHERE id = 1000
= UPDATE customers SET id = 100 WHERE id = 1000 RETURNING *
= UPDATE customers SET id = 100 WHERE false
= UPDATE customers SET id = 100 WHERE id = NULL
= UPDATE customers SET id = id WHERE id < 5 RETURNING id
= UPDATE customers SET id = 7.6 WHERE id = 1000
= UPDATE customers SET id = id + 100.6 WHERE id = 1 RETURNING id
= UPDATE customers SET id = '101' WHERE id = '1' RETURNING id
= UPDATE customers SET id = 'x' WHERE id = 1
= UPDATE customers SET id = name WHERE id = 1
= UPDATE customers SET id = 1 / (id - 1) WHERE id = 1
= UPDATE customers SET id = 9223372036854775807 + id WHERE id = 1
= UPDATE customers SET id = 100, name = NULL WHERE id = 1
= UPDATE customers SET id = 100, nothing = 1 WHERE id = 1
= UPDATE customers SET id = 100, id = 101 WHERE id = 1
= UPDATE customers SET id = 100 WHERE id = 1 RETURNING nothing
= UPDATE customers SET id = count(*) WHERE id = 1
= UPDATE customers SET (id, name) = (1, 'a', 'b') WHERE id = 1
= UPDATE customers SET (id) = ROW(100) WHERE id = 1
= UPDATE customers SET id = 100, name = (SELECT name FROM countries WHERE code = 'AT') WHERE id = 1 RETURNING name
= UPDATE customers SET id = id + 1000, country = (SELECT code FROM countries WHERE code = 'AT') WHERE id < 100 AND country IN (SELECT code FROM countries) RETURNING id, country
UPDATE customers SET id = id + 1000 WHERE id < 100 AND EXISTS (SELECT FROM orders WHERE customer = customers.id)
= WITH w AS (SELECT code FROM countries WHERE code < 'C') UPDATE customers SET id = id + 1000 WHERE id < 100 AND country IN (SELECT code FROM w) RETURNING id
= UPDATE orders SET customer = customer + 1000, amount = amount * 2, placed = NULL WHERE amount > 20 AND customer < 100 RETURNING customer, id, amount
= UPDATE orders SET customer = 50, amount = 99999999999 + id WHERE customer = 2
= UPDATE orders SET customer = 50, amount = -1000000 WHERE customer = 2
= UPDATE orders SET customer = 77, id = customer * 1000 + id WHERE customer < 100 RETURNING customer, id, note, placed
= UPDATE orders SET customer = 77, id = 1 WHERE customer IN (1, 2, 3)
= UPDATE orders SET customer = id, id = customer + 1000 WHERE customer < 100 RETURNING customer, id
= UPDATE kv SET key = upper(key), value = key || value WHERE key > 'k3' RETURNING key, value
= UPDATE kv SET key = key || repeat('x', 3000) || '"\,{}()' WHERE key < 'k3' RETURNING length(key), right(key, 10)
= UPDATE kv SET key = $1 || key, value = E'"\\\n' || $2 RETURNING value -- parameters ':text | "\:text
= UPDATE kv SET key = 'x"' || key, value = NULL WHERE key IN ('k1', 'k2') RETURNING *
= UPDATE kv SET key = 'many'
= UPDATE kv SET key = 5 WHERE key = 'k1'
= UPDATE kv SET key = '' WHERE key = 'k1' RETURNING key
UPDATE customers SET id = d.id + 1000 FROM countries d WHERE d.code = customers.country
UPDATE customers SET (id, name) = (SELECT 100, 'x') WHERE id = 1
UPDATE customers SET id = (SELECT max(id) + 1 FROM customers) WHERE id = 1
UPDATE customers SET id = id + 1000, name = (SELECT max(note) FROM orders)
UPDATE customers SET id = 100 WHERE id = 1 RETURNING (SELECT count(*) FROM customers)
UPDATE customers SET id = id + 1000 RETURNING nextval('numbers')
UPDATE customers SET id = nextval('numbers') + 1000
UPDATE customers SET id = 100 + random()::int WHERE vip RETURNING name
UPDATE ONLY customers SET id = 100 WHERE id = 1
UPDATE customers SET id = 100 WHERE id = 1 RETURNING old.id, new.id
UPDATE customers SET id = 100 WHERE id = 1 RETURNING WITH (OLD AS o) o.id, id
WITH u AS (UPDATE customers SET id = 100 WHERE id = 1 RETURNING *) SELECT * FROM u
WITH d AS (DELETE FROM orders WHERE customer = 1 RETURNING id) UPDATE customers SET id = 100 WHERE id = 1
INSERT INTO customers (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET id = customers.id + 1000
EXPLAIN ANALYZE UPDATE customers SET id = id + 1000

# === UPDATE of keys, with columns of many types
INSERT INTO places (code, name, tags, far, high, mask, ratio, facts, raw) VALUES ('a', 'A', '{x,"y z",NULL}', '1 day 2 hours', 12.345, B'101', 0.1, '{"a": ["b", "\\"]}', '\xdeadbeef'), ('b', NULL, NULL, NULL, NULL, NULL, 'NaN', '1e2', ''), ('c', '', '{}', '-1 mon', -1, B'000', 1e-300, '"\""', '\x22'), ('d', '"', '{{a,b},{c,d}}', '0', 0, B'111', '-Infinity', 'null', '\x5c')
= UPDATE places SET code = code || 'x' RETURNING *
= SELECT * FROM places ORDER BY code -- ordered
= UPDATE places SET code = upper(code), name = 'long name' || code WHERE code = 'ax'
= UPDATE places SET code = upper(code), name = 'nam       ', high = 1.005, mask = mask || B'1', tags = ARRAY[code, name] WHERE code = 'ax'
= UPDATE places SET code = upper(code), name = 'nam       ', high = 1.005, tags = ARRAY[code, name], far = far * 2 WHERE code = 'ax' RETURNING *
= UPDATE places SET code = upper(code), high = coalesce(high, 0) + 123456 WHERE code = 'bx'
= UPDATE places SET code = code || '1234567' WHERE code = 'bx'
= UPDATE places SET code = code || '      ' WHERE code = 'bx' RETURNING code, length(code)
= UPDATE places SET code = DEFAULT WHERE code = 'cx' RETURNING code, raw, facts
UPDATE places SET code = 'dy', tags[1] = 'x' WHERE code = 'dx'
= SELECT * FROM places ORDER BY code -- ordered

= INSERT INTO tickets (note) VALUES ('a'), ('b'), ('c') RETURNING id -- ordered
= UPDATE tickets SET id = 5 WHERE id = 1
= UPDATE tickets SET state = 'shut' WHERE id = 1
UPDATE tickets SET id = DEFAULT WHERE id = 1

= INSERT INTO visits (visitor, page) VALUES (1, '/'), (2, '/a'), (3, NULL), (1, '/b') RETURNING * -- ordered
= UPDATE visits SET visitor = visitor + 100, page = page || '!' RETURNING *
= UPDATE visits SET visitor = visitor + 100, length = DEFAULT WHERE page > '/' RETURNING length
= UPDATE visits SET visitor = 5, length = 7 WHERE visitor = 101
UPDATE visits SET visitor = 5, n = DEFAULT WHERE visitor = 101
= INSERT INTO visits (visitor, page) VALUES (1, '/') RETURNING n

# === UPDATE of keys in transactions
BEGIN
= UPDATE customers SET id = id + 1000, name = 'moved' WHERE id < 10
= SELECT count(*), max(id), min(id) FROM customers
= UPDATE customers SET id = 1 WHERE id = 1001 RETURNING name
= SAVEPOINT s
= UPDATE customers SET id = id + 5000 WHERE vip
= UPDATE orders SET customer = customer + 5000 WHERE customer < 100
= ROLLBACK TO s
= SELECT id, name FROM customers ORDER BY id -- ordered
= COMMIT
= SELECT id, name FROM customers ORDER BY id -- ordered

BEGIN
= UPDATE customers SET id = id + 1000 WHERE id < 100
= ROLLBACK
= SELECT id, name FROM customers ORDER BY id -- ordered

BEGIN
= UPDATE customers SET id = 2 WHERE id = 1
= SELECT 1
= COMMIT

= PREPARE p AS UPDATE kv SET key = $2 WHERE key = $1 RETURNING key
= EXECUTE p('k1', 'moved')
= EXECUTE p('moved', 'k1')
= EXECUTE p('k1', 'k2')
= EXECUTE p(NULL, 'k2')
= PREPARE q AS UPDATE kv SET key = $2 WHERE key = $1
= EXECUTE q('k1', NULL)
= EXECUTE q(NULL, NULL)
= SELECT key FROM kv ORDER BY key -- ordered

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
