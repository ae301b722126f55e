# Reads of rows of several shards inside of transactions that have written, by the home shard.

# === joins
BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT a.id, b.id FROM customers a JOIN customers b ON a.country = b.country AND a.id < b.id ORDER BY 1, 2 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.name, o.id FROM customers c JOIN orders o ON o.id = c.id ORDER BY 1, 2 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.id, s.value FROM customers c LEFT JOIN settings s ON s.name = c.country ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT n.name, c.name, s.n FROM customers c JOIN countries n ON n.code = c.country LEFT JOIN settings s ON s.name = n.code ORDER BY c.id -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.id, o.id FROM customers c FULL JOIN orders o ON o.customer - 1 = c.id WHERE c.id < 8 OR c.id IS NULL ORDER BY 1, 2, o.customer -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.id, o.customer FROM customers c LEFT JOIN orders o ON o.id = c.id WHERE c.id BETWEEN 1 AND 12 AND c.vip ORDER BY 1, 2 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.id, o.customer FROM customers c LEFT JOIN orders o ON o.id = c.id WHERE o.id IS NULL ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.id, o.customer FROM orders o RIGHT JOIN customers c ON o.id = c.id WHERE o.id > 2 ORDER BY 1, 2 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.id, o.customer FROM orders o FULL JOIN customers c ON o.id = c.id WHERE o.id > 2 AND c.id > 1 ORDER BY 1, 2 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT count(*) FROM orders, orders o, settings
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT customers.id, countries.name FROM customers CROSS JOIN countries WHERE (customers.id) = 3 AND (name LIKE 'G%' OR name = 'x') ORDER BY 1
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT * FROM orders a JOIN customers b USING (id) ORDER BY a.customer, id -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT * FROM orders a NATURAL JOIN customers b ORDER BY 1, 2 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.id, l.id FROM customers c, LATERAL (SELECT o.id FROM orders o WHERE o.amount > c.id ORDER BY o.id, o.customer LIMIT 1) l ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT public.customers.name, o.id FROM public.customers JOIN public.orders o ON o.id = customers.id WHERE public.customers.id > 1 ORDER BY 1, 2, o.customer -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT a.id, b.id FROM customers a JOIN customers b ON a.country = b.country AND a.id < b.id ORDER BY 1, 2 -- ordered
= SELECT c.name, o.id FROM customers c JOIN orders o ON o.id = c.id ORDER BY 1, 2 -- ordered
= SELECT c.id, s.value FROM customers c LEFT JOIN settings s ON s.name = c.country ORDER BY 1 -- ordered
= SELECT n.name, c.name, s.n FROM customers c JOIN countries n ON n.code = c.country LEFT JOIN settings s ON s.name = n.code ORDER BY c.id -- ordered
= SELECT c.id, o.id FROM customers c FULL JOIN orders o ON o.customer - 1 = c.id WHERE c.id < 8 OR c.id IS NULL ORDER BY 1, 2, o.customer -- ordered
= SELECT c.id, o.customer FROM customers c LEFT JOIN orders o ON o.id = c.id WHERE c.id BETWEEN 1 AND 12 AND c.vip ORDER BY 1, 2 -- ordered
= SELECT c.id, o.customer FROM customers c LEFT JOIN orders o ON o.id = c.id WHERE o.id IS NULL ORDER BY 1 -- ordered
= SELECT c.id, o.customer FROM orders o RIGHT JOIN customers c ON o.id = c.id WHERE o.id > 2 ORDER BY 1, 2 -- ordered
= SELECT c.id, o.customer FROM orders o FULL JOIN customers c ON o.id = c.id WHERE o.id > 2 AND c.id > 1 ORDER BY 1, 2 -- ordered
= SELECT count(*) FROM orders, orders o, settings
= SELECT customers.id, countries.name FROM customers CROSS JOIN countries WHERE (customers.id) = 3 AND (name LIKE 'G%' OR name = 'x') ORDER BY 1
= SELECT * FROM orders a JOIN customers b USING (id) ORDER BY a.customer, id -- ordered
= SELECT * FROM orders a NATURAL JOIN customers b ORDER BY 1, 2 -- ordered
= SELECT c.id, l.id FROM customers c, LATERAL (SELECT o.id FROM orders o WHERE o.amount > c.id ORDER BY o.id, o.customer LIMIT 1) l ORDER BY 1 -- ordered
= SELECT public.customers.name, o.id FROM public.customers JOIN public.orders o ON o.id = customers.id WHERE public.customers.id > 1 ORDER BY 1, 2, o.customer -- ordered
COMMIT
= SELECT count(*) FROM orders

# === windows, groups, sets
BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT id, row_number() OVER (ORDER BY name, id) FROM customers ORDER BY 2 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT customer, sum(amount) OVER (PARTITION BY note ORDER BY customer, id) FROM orders ORDER BY 1, 2 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT note, count(*) FROM orders GROUP BY note HAVING count(*) > 2 ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT note, string_agg(customer::text, ',' ORDER BY customer, id) FROM orders GROUP BY GROUPING SETS ((note), ()) ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT count(DISTINCT note), avg(amount) FILTER (WHERE id > 1) FROM orders
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT DISTINCT ON (country) country, id FROM customers ORDER BY country, id DESC -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT id FROM customers UNION SELECT customer FROM orders ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT id FROM customers EXCEPT ALL SELECT customer FROM orders WHERE id < 3 ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT customer FROM orders INTERSECT SELECT n FROM settings ORDER BY 1
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= TABLE orders ORDER BY customer, id LIMIT 5 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= (TABLE customers) UNION ALL (TABLE customers) ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FROM orders
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT id, row_number() OVER (ORDER BY name, id) FROM customers ORDER BY 2 -- ordered
= SELECT customer, sum(amount) OVER (PARTITION BY note ORDER BY customer, id) FROM orders ORDER BY 1, 2 -- ordered
= SELECT note, count(*) FROM orders GROUP BY note HAVING count(*) > 2 ORDER BY 1 -- ordered
= SELECT note, string_agg(customer::text, ',' ORDER BY customer, id) FROM orders GROUP BY GROUPING SETS ((note), ()) ORDER BY 1 -- ordered
= SELECT count(DISTINCT note), avg(amount) FILTER (WHERE id > 1) FROM orders
= SELECT DISTINCT ON (country) country, id FROM customers ORDER BY country, id DESC -- ordered
= SELECT id FROM customers UNION SELECT customer FROM orders ORDER BY 1 -- ordered
= SELECT id FROM customers EXCEPT ALL SELECT customer FROM orders WHERE id < 3 ORDER BY 1 -- ordered
= SELECT customer FROM orders INTERSECT SELECT n FROM settings ORDER BY 1
= TABLE orders ORDER BY customer, id LIMIT 5 -- ordered
= (TABLE customers) UNION ALL (TABLE customers) ORDER BY 1 -- ordered
= SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FROM orders
COMMIT
= SELECT count(*) FROM orders

# === subqueries and WITH
BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= WITH w AS (SELECT customer, sum(amount) AS total FROM orders GROUP BY customer) SELECT c.name, w.total FROM customers c JOIN w ON w.customer - 1 = c.id ORDER BY c.id -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= WITH RECURSIVE w(n) AS (SELECT min(id) FROM customers UNION ALL SELECT (SELECT min(id) FROM customers c WHERE c.id > w.n) FROM w WHERE n IS NOT NULL) SELECT n FROM w ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.amount > c.id + 30.0 AND o.note = 'red') ORDER BY id -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT id, (SELECT count(*) FROM orders WHERE customers.id > customer) FROM customers ORDER BY id -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT id FROM customers WHERE id NOT IN (SELECT customer FROM orders WHERE note = 'red') ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT name FROM settings WHERE n IN (SELECT id FROM orders WHERE amount > 20 AND id < 4) ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT count(*) FROM (SELECT DISTINCT country FROM customers) AS d
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT max(n) FROM (SELECT count(*) AS n FROM orders o WHERE o.id <= 3 AND note IS NOT NULL GROUP BY note) AS x
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT id FROM customers WHERE (id, 1) IN (SELECT customer, id FROM orders) AND id <> ALL (ARRAY(SELECT n::bigint FROM settings WHERE n IS NOT NULL)) ORDER BY 1 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT (SELECT max(amount) FROM orders) - (SELECT min(amount) FROM orders WHERE customer = 3)
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= WITH w AS (SELECT customer, sum(amount) AS total FROM orders GROUP BY customer) SELECT c.name, w.total FROM customers c JOIN w ON w.customer - 1 = c.id ORDER BY c.id -- ordered
= WITH RECURSIVE w(n) AS (SELECT min(id) FROM customers UNION ALL SELECT (SELECT min(id) FROM customers c WHERE c.id > w.n) FROM w WHERE n IS NOT NULL) SELECT n FROM w ORDER BY 1 -- ordered
= SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.amount > c.id + 30.0 AND o.note = 'red') ORDER BY id -- ordered
= SELECT id, (SELECT count(*) FROM orders WHERE customers.id > customer) FROM customers ORDER BY id -- ordered
= SELECT id FROM customers WHERE id NOT IN (SELECT customer FROM orders WHERE note = 'red') ORDER BY 1 -- ordered
= SELECT name FROM settings WHERE n IN (SELECT id FROM orders WHERE amount > 20 AND id < 4) ORDER BY 1 -- ordered
= SELECT count(*) FROM (SELECT DISTINCT country FROM customers) AS d
= SELECT max(n) FROM (SELECT count(*) AS n FROM orders o WHERE o.id <= 3 AND note IS NOT NULL GROUP BY note) AS x
= SELECT id FROM customers WHERE (id, 1) IN (SELECT customer, id FROM orders) AND id <> ALL (ARRAY(SELECT n::bigint FROM settings WHERE n IS NOT NULL)) ORDER BY 1 -- ordered
= SELECT (SELECT max(amount) FROM orders) - (SELECT min(amount) FROM orders WHERE customer = 3)
COMMIT
= SELECT count(*) FROM orders

# === rows as values
BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c, o FROM customers c JOIN orders o ON o.id = c.id ORDER BY c.id, o.customer -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT row_to_json(c), c.* FROM customers c, settings s WHERE s.n = c.id ORDER BY c.id -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT count(o), count(o.*), max(o.placed) FROM orders o, settings
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT a, a.x, row_to_json(a) FROM customers AS a(x, y), settings WHERE x = n ORDER BY 2 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT json_agg(o ORDER BY customer, id) FROM orders o
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT (c).name, name(c) FROM customers c, settings s WHERE s.n = c.id ORDER BY 1
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c IS NULL, c IS NOT NULL FROM customers c LEFT JOIN settings s ON s.n = c.id ORDER BY c.id -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT DISTINCT pg_typeof(c), pg_typeof(c.born) FROM customers c, settings
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c, o FROM customers c JOIN orders o ON o.id = c.id ORDER BY c.id, o.customer -- ordered
= SELECT row_to_json(c), c.* FROM customers c, settings s WHERE s.n = c.id ORDER BY c.id -- ordered
= SELECT count(o), count(o.*), max(o.placed) FROM orders o, settings
= SELECT a, a.x, row_to_json(a) FROM customers AS a(x, y), settings WHERE x = n ORDER BY 2 -- ordered
= SELECT json_agg(o ORDER BY customer, id) FROM orders o
= SELECT (c).name, name(c) FROM customers c, settings s WHERE s.n = c.id ORDER BY 1
= SELECT c IS NULL, c IS NOT NULL FROM customers c LEFT JOIN settings s ON s.n = c.id ORDER BY c.id -- ordered
= SELECT DISTINCT pg_typeof(c), pg_typeof(c.born) FROM customers c, settings
COMMIT
= SELECT count(*) FROM orders

# === values
BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.id FROM customers c, settings s WHERE c.id = $1 AND s.n = $2 -- parameters 3:int8 | 2:int4
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.id FROM customers c, settings s WHERE c.id > $1 AND s.n = $2 ORDER BY 1 -- parameters 3 | 2 -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.id, $1::text FROM customers c, settings s WHERE c.name = $1 AND s.n = $2 -- parameters Cecil*:text | 2
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT o.customer FROM orders o, settings s WHERE o.customer = ANY($1) AND s.n = 1 ORDER BY 1, o.id -- parameters {1,3,7} -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT o.customer FROM orders o, settings s WHERE o.note IN ($2, $1) AND s.n = 1 ORDER BY 1, o.id -- parameters red:text | green:text -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT o.customer FROM orders o, settings s WHERE NOT (o.note = 'red' OR o.amount <= 30.5) AND s.n = 1 AND o.customer > -5 ORDER BY 1, o.id -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT o.customer FROM orders o, settings s WHERE o.placed > timestamptz '2026-01-05 00:00+00' AND s.n = 1 ORDER BY 1, o.id -- ordered
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT count(*) FROM orders o, settings s WHERE o.placed <= 'now'
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT count(*) FROM orders o, customers c WHERE o.customer = '3' AND c.country = 'DE'
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT o.id /* one */ FROM orders -- two⏎ AS o, settings s WHERE ((o.id = (1))) AND (s.n) = (1) -- three⏎ ORDER BY o.customer
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
DELETE FROM orders WHERE customer IN (2, 9)
INSERT INTO orders (customer, id, amount, note) VALUES (4, 1, 40.5, 'new'), (5, 9, 1e3, 'o''k "x" \'), (11, 1, NULL, NULL)
= SELECT c.id FROM customers c, settings s WHERE c.id = $1 AND s.n = $2 -- parameters 3:int8 | 2:int4
= SELECT c.id FROM customers c, settings s WHERE c.id > $1 AND s.n = $2 ORDER BY 1 -- parameters 3 | 2 -- ordered
= SELECT c.id, $1::text FROM customers c, settings s WHERE c.name = $1 AND s.n = $2 -- parameters Cecil*:text | 2
= SELECT o.customer FROM orders o, settings s WHERE o.customer = ANY($1) AND s.n = 1 ORDER BY 1, o.id -- parameters {1,3,7} -- ordered
= SELECT o.customer FROM orders o, settings s WHERE o.note IN ($2, $1) AND s.n = 1 ORDER BY 1, o.id -- parameters red:text | green:text -- ordered
= SELECT o.customer FROM orders o, settings s WHERE NOT (o.note = 'red' OR o.amount <= 30.5) AND s.n = 1 AND o.customer > -5 ORDER BY 1, o.id -- ordered
= SELECT o.customer FROM orders o, settings s WHERE o.placed > timestamptz '2026-01-05 00:00+00' AND s.n = 1 ORDER BY 1, o.id -- ordered
= SELECT count(*) FROM orders o, settings s WHERE o.placed <= 'now'
= SELECT count(*) FROM orders o, customers c WHERE o.customer = '3' AND c.country = 'DE'
= SELECT o.id /* one */ FROM orders -- two⏎ AS o, settings s WHERE ((o.id = (1))) AND (s.n) = (1) -- three⏎ ORDER BY o.customer
COMMIT
= SELECT count(*) FROM orders

# === errors
BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
SELECT o.id FROM orders o, settings s WHERE o.customer = 'x'
SELECT 1
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
SELECT o.nothing FROM orders o, settings s WHERE o.customer = 3
SELECT 1
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
SELECT o.id FROM orders o, settings s WHERE o.id / (o.id - 1) > 1
SELECT 1
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
SELECT o.id FROM orders o, settings s WHERE o.id = $1
SELECT 1
ROLLBACK

BEGIN
UPDATE customers SET name = name || '*' WHERE id > 3
SELECT c.id, sum(c.id) FROM customers c, settings
SELECT 1
ROLLBACK

# === views, and what else can't be shipped
BEGIN
UPDATE kv SET value = 'x' WHERE key = 'k1'
SELECT a.key FROM kv_view a JOIN kv b ON a.value = b.value ORDER BY 1
ROLLBACK

BEGIN
UPDATE kv SET value = 'x'
SELECT count(*) FROM note_view, kv
ROLLBACK

BEGIN
UPDATE customers SET name = 'x' WHERE id = 3
SELECT c.ctid FROM customers c, settings
ROLLBACK

BEGIN
UPDATE customers SET name = 'x' WHERE id = 3
SELECT c.id FROM customers c, settings FOR UPDATE OF c
ROLLBACK

# === savepoints
BEGIN
SAVEPOINT a
UPDATE customers SET country = 'AT'
= SELECT a.id, b.id FROM customers a JOIN customers b ON a.country = b.country AND a.id - 1 = b.id ORDER BY 1 -- ordered
ROLLBACK TO a
= SELECT a.id, b.id FROM customers a JOIN customers b ON a.country = b.country AND a.id - 1 = b.id ORDER BY 1 -- ordered
DELETE FROM orders WHERE customer = 3
= SELECT count(*) FROM orders a JOIN orders b ON a.id = b.customer
SAVEPOINT b
INSERT INTO orders (customer, id) VALUES (1, 50), (2, 50), (3, 50)
= SELECT count(*), sum(a.id) FROM orders a JOIN orders b ON a.id = b.customer OR a.id = 50
RELEASE b
= SELECT count(*), sum(a.id) FROM orders a JOIN orders b ON a.id = b.customer OR a.id = 50
ROLLBACK TO a
= SELECT count(*), sum(a.id) FROM orders a JOIN orders b ON a.id = b.customer OR a.id = 50
COMMIT

BEGIN
UPDATE customers SET name = 'x' WHERE id = 3
SAVEPOINT a
SELECT c.id / 0 FROM customers c, settings
ROLLBACK TO a
= SELECT c.name FROM customers c, settings s WHERE c.id = s.n ORDER BY 1 -- ordered
COMMIT

# === isolation levels and READ ONLY
BEGIN ISOLATION LEVEL REPEATABLE READ
= SELECT a.id, b.id FROM customers a JOIN customers b ON a.country = b.country AND a.id < b.id ORDER BY 1, 2 -- ordered
UPDATE customers SET country = 'IT' WHERE id = 5
= SELECT a.id, b.id FROM customers a JOIN customers b ON a.country = b.country AND a.id < b.id ORDER BY 1, 2 -- ordered
COMMIT

BEGIN ISOLATION LEVEL SERIALIZABLE
= SELECT note, count(*) FROM orders GROUP BY note HAVING count(*) > 2 ORDER BY 1 -- ordered
COMMIT

BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ
= SELECT note, count(*) FROM orders GROUP BY note HAVING count(*) > 2 ORDER BY 1 -- ordered
= SELECT c.name FROM customers c, settings s WHERE c.id = s.n ORDER BY 1 -- ordered
COMMIT

BEGIN
SET LOCAL TimeZone = 'Asia/Kathmandu'
= SELECT o.placed, c.born FROM orders o JOIN customers c ON c.id = o.id ORDER BY 1, 2, o.customer -- ordered
UPDATE orders SET placed = '1901-01-01 12:34:56.789012' WHERE customer = 3
= SELECT o.placed, c.born FROM orders o JOIN customers c ON c.id = o.id ORDER BY 1, 2, o.customer -- ordered
COMMIT

BEGIN
SET LOCAL DateStyle = 'SQL, DMY'
SELECT o.placed FROM orders o JOIN customers c ON c.id = o.id ORDER BY 1, o.customer
ROLLBACK

BEGIN
SET LOCAL DateStyle = 'ISO, DMY'
= SELECT o.placed, c.born FROM orders o JOIN customers c ON c.id = o.id ORDER BY 1, 2, o.customer -- ordered
ROLLBACK

BEGIN
SET LOCAL extra_float_digits = 0
SELECT o.placed FROM orders o JOIN customers c ON c.id = o.id ORDER BY 1, o.customer
ROLLBACK

BEGIN
SET LOCAL array_nulls = off
SELECT o.placed FROM orders o JOIN customers c ON c.id = o.id ORDER BY 1, o.customer
ROLLBACK

BEGIN
SET LOCAL standard_conforming_strings = off
UPDATE customers SET name = 'x' WHERE id = 3
COPY (SELECT c.id, s.name FROM customers c JOIN settings s ON s.n = c.id WHERE c.name <> 'a\\b' ORDER BY 1) TO STDOUT
ROLLBACK

# === INSERT of rows of all shards into an unsharded table
BEGIN
UPDATE customers SET name = 'moved ' || id WHERE id IN (1, 2, 3)
= INSERT INTO notes (n, note) SELECT id + 1000, name FROM customers WHERE id BETWEEN 1 AND 5
= SELECT n, note FROM notes WHERE n > 1000 ORDER BY 1 -- ordered
= SELECT n.note, c.name FROM notes n JOIN customers c ON c.id = n.n - 1000 ORDER BY 1 -- ordered
COMMIT
SELECT n, note FROM notes WHERE n > 1000 ORDER BY 1 -- ordered

BEGIN
DELETE FROM orders WHERE customer = 1
= UPDATE settings SET n = (SELECT count(*) FROM orders), value = $1 WHERE name = 'size' -- parameters x
= DELETE FROM settings USING orders o WHERE settings.n = o.id AND o.customer = 2 RETURNING settings.name
= WITH w AS (INSERT INTO settings VALUES ('w', 'w', 9) RETURNING n) SELECT w.n, o.customer FROM w, orders o WHERE o.id = 4 ORDER BY 2 -- ordered
= SELECT * FROM settings ORDER BY name -- ordered
COMMIT
SELECT * FROM settings ORDER BY name -- ordered

# === COPY
BEGIN
UPDATE customers SET name = 'tab⇥quote''backslash\' WHERE id = 3
= COPY (SELECT c.id, c.name, s.name FROM customers c JOIN settings s ON s.n >= c.id ORDER BY c.id, s.n) TO STDOUT
= COPY (SELECT c.id, c.name, s.name FROM customers c JOIN settings s ON s.n >= c.id WHERE c.id = 3 ORDER BY c.id, s.n) TO STDOUT WITH (FORMAT csv, HEADER)
ROLLBACK

# === cursors
BEGIN
UPDATE customers SET name = name || '!' WHERE id < 5
= DECLARE c SCROLL CURSOR FOR SELECT c.id, c.name, s.name FROM customers c JOIN settings s ON s.n >= c.id ORDER BY c.id, s.n
= FETCH 2 FROM c -- ordered
UPDATE customers SET name = 'later'
= FETCH ALL FROM c -- ordered
= FETCH FIRST FROM c -- ordered
= MOVE LAST IN c
CLOSE c
FETCH c
ROLLBACK

BEGIN
UPDATE customers SET name = name || '!' WHERE id < 5
= DECLARE c CURSOR FOR SELECT id, name FROM customers WHERE id > $1 ORDER BY id -- parameters 7:int8
= FETCH ALL FROM c -- ordered
UPDATE customers SET name = 'x' WHERE CURRENT OF c
ROLLBACK

BEGIN ISOLATION LEVEL REPEATABLE READ
= DECLARE c CURSOR FOR SELECT id, name FROM customers ORDER BY id
= FETCH 3 FROM c -- ordered
TRUNCATE orders
= FETCH 3 FROM c -- ordered
COMMIT

BEGIN
UPDATE customers SET name = 'x' WHERE id = 3
DECLARE c CURSOR FOR SELECT key FROM kv_view ORDER BY 1
ROLLBACK

# === prepared statements of SQL
PREPARE p (bigint, text) AS SELECT c.id, s.name FROM customers c, settings s WHERE c.id > $1 AND s.name <> $2 ORDER BY 1, 2
BEGIN
DELETE FROM customers WHERE id = 12
= EXECUTE p (9, 'size') -- ordered
= EXECUTE p (12, 'colour') -- ordered
COMMIT

# === EXPLAIN, several statements
BEGIN
UPDATE customers SET name = 'x' WHERE id = 3
EXPLAIN (COSTS OFF) SELECT c.id FROM customers c, settings
ROLLBACK

BEGIN
UPDATE customers SET name = 'x' WHERE id = 3
SELECT c.id FROM customers c, settings; SELECT 1
ROLLBACK
