# Subqueries everywhere, common table expressions, recursion.

# --- IN, EXISTS, ANY, ALL
SELECT id FROM customers WHERE id IN (SELECT customer FROM orders WHERE amount > 80) ORDER BY id -- ordered
SELECT id FROM customers WHERE id NOT IN (SELECT customer FROM orders) ORDER BY id -- ordered
SELECT id FROM customers WHERE id NOT IN (SELECT amount FROM orders) ORDER BY id -- ordered
SELECT id FROM customers c WHERE EXISTS (SELECT FROM orders o WHERE o.customer = c.id AND o.note = 'red') ORDER BY id -- ordered
SELECT id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id) ORDER BY id -- ordered
SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = 1) ORDER BY id -- ordered
SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = 4) ORDER BY id -- ordered
SELECT id FROM customers WHERE id = 1 AND EXISTS (SELECT FROM orders WHERE customer = 1 AND id = 3)
SELECT id FROM customers WHERE id = 1 AND EXISTS (SELECT FROM orders WHERE customer = 2 AND id = 3)
SELECT id FROM customers WHERE id = 1 OR EXISTS (SELECT FROM orders WHERE customer = customers.id AND id = 4) ORDER BY id -- ordered
SELECT id FROM customers WHERE id = ANY (SELECT customer FROM orders WHERE id = 4) ORDER BY id -- ordered
SELECT id FROM customers WHERE id > ALL (SELECT customer FROM orders WHERE customer < 10) ORDER BY id -- ordered
SELECT id FROM customers WHERE (id, country) IN (SELECT customer, 'IT' FROM orders) ORDER BY id -- ordered
SELECT id FROM customers WHERE country IN (SELECT code FROM countries) ORDER BY id -- ordered
SELECT id FROM customers WHERE country NOT IN (SELECT code FROM countries WHERE code <> 'IT') ORDER BY id -- ordered
SELECT code FROM countries WHERE code IN (SELECT country FROM customers) ORDER BY 1 -- ordered
SELECT code FROM countries WHERE code IN (SELECT country FROM customers WHERE id = 1) ORDER BY 1 -- ordered
SELECT code FROM countries WHERE code NOT IN (SELECT country FROM customers) ORDER BY 1 -- ordered
SELECT code FROM countries WHERE code NOT IN (SELECT country FROM customers WHERE country IS NOT NULL) ORDER BY 1 -- ordered
SELECT * FROM settings WHERE n IN (SELECT id FROM orders WHERE customer = 1) ORDER BY name -- ordered
SELECT count(*) FROM orders WHERE customer IN (SELECT id FROM customers WHERE vip)
SELECT count(*) FROM orders WHERE customer IN (SELECT id FROM customers WHERE vip) AND customer = 8
SELECT count(*) FROM orders o WHERE amount > (SELECT avg(amount) FROM orders)
SELECT count(*) FROM orders o WHERE amount > (SELECT avg(amount) FROM orders p WHERE p.customer = o.customer)
SELECT count(*) FROM orders o WHERE o.customer = 5 AND amount > (SELECT avg(amount) FROM orders p WHERE p.customer = o.customer)
SELECT count(*) FROM orders o WHERE amount >= ALL (SELECT amount FROM orders p WHERE p.customer = o.customer AND amount IS NOT NULL)
SELECT customer FROM orders o GROUP BY customer HAVING sum(amount) > (SELECT avg(amount) FROM orders) ORDER BY 1 -- ordered

# --- scalars
SELECT (SELECT count(*) FROM customers), (SELECT count(*) FROM orders), (SELECT count(*) FROM countries)
SELECT id, (SELECT count(*) FROM orders o WHERE o.customer = c.id) FROM customers c ORDER BY id -- ordered
SELECT id, (SELECT max(amount) FROM orders) FROM customers ORDER BY id -- ordered
SELECT id, (SELECT name FROM countries WHERE code = country) FROM customers ORDER BY id -- ordered
SELECT code, (SELECT count(*) FROM customers WHERE country = code) FROM countries ORDER BY code -- ordered
SELECT id, ARRAY(SELECT o.id FROM orders o WHERE o.customer = c.id ORDER BY o.id) FROM customers c ORDER BY id -- ordered
SELECT (SELECT name FROM customers WHERE id = 1), (SELECT name FROM customers WHERE id = 2)
SELECT (SELECT name FROM customers)
SELECT (SELECT name FROM customers WHERE id = 1000)
SELECT (SELECT name, id FROM customers WHERE id = 1)
SELECT name FROM customers WHERE id = (SELECT min(customer) FROM orders WHERE customer > 0)
SELECT name FROM customers WHERE id = (SELECT customer FROM orders)
SELECT name FROM customers WHERE id = (SELECT 3)
SELECT name FROM customers ORDER BY (SELECT count(*) FROM orders WHERE customer = customers.id) DESC, id LIMIT 3 -- ordered
SELECT CASE WHEN EXISTS (SELECT FROM orders WHERE customer = 99) THEN 'some' ELSE 'none' END
SELECT CASE WHEN EXISTS (SELECT FROM orders WHERE customer = 9) THEN 'some' ELSE 'none' END
SELECT coalesce((SELECT note FROM orders WHERE customer = 1 AND id = 77), 'nothing')
SELECT row(c.*) = row(d.*) FROM customers c, (SELECT * FROM customers) d WHERE c.id = 1 AND d.id = 1

# --- in FROM
SELECT * FROM (SELECT id, name FROM customers) x WHERE id = 2
SELECT * FROM (SELECT id, name FROM customers ORDER BY id DESC LIMIT 3) x ORDER BY id -- ordered
SELECT * FROM (SELECT id, name FROM customers ORDER BY id DESC LIMIT 3) x WHERE id = 1
SELECT * FROM (SELECT id, name FROM customers WHERE id = 1 ORDER BY id DESC LIMIT 3) x
SELECT * FROM (SELECT id + 1 AS id FROM customers) x WHERE id = 2
SELECT * FROM (SELECT id AS customer, name AS id FROM customers) x WHERE customer = 2
SELECT * FROM (SELECT customer AS id, count(*) AS n FROM orders GROUP BY customer) x WHERE id = 2
SELECT * FROM (SELECT customer AS id, row_number() OVER (ORDER BY customer, id) AS n FROM orders) x WHERE id = 2 ORDER BY n -- ordered
SELECT * FROM (SELECT customer, row_number() OVER (PARTITION BY customer ORDER BY id DESC) AS n FROM orders) x WHERE n = 1 ORDER BY customer -- ordered
SELECT * FROM (SELECT DISTINCT ON (country) country, id FROM customers ORDER BY country, id) x WHERE id = 1
SELECT count(*), max(n) FROM (SELECT customer, count(*) AS n FROM orders GROUP BY customer) x
SELECT avg(total), count(*) FROM (SELECT sum(amount) AS total FROM orders GROUP BY customer) x
SELECT avg(total), count(*) FROM (SELECT sum(amount) AS total FROM orders GROUP BY note) x
SELECT x.id FROM (SELECT * FROM customers WHERE id = 1 UNION ALL SELECT * FROM customers WHERE id = 2) x WHERE x.id = 2
SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT id FROM customers) a) b) c WHERE id = 3
SELECT count(*) FROM (SELECT FROM orders) x
SELECT count(*) FROM (TABLE orders) x
SELECT id FROM (VALUES (1), (2)) v(id) WHERE id IN (SELECT id FROM customers) ORDER BY id -- ordered

# --- common table expressions
WITH c AS (SELECT * FROM customers WHERE id = 1) SELECT name FROM c
WITH c AS (SELECT * FROM customers) SELECT name FROM c WHERE id = 1
WITH c AS MATERIALIZED (SELECT * FROM customers) SELECT name FROM c WHERE id = 1
WITH c AS NOT MATERIALIZED (SELECT * FROM customers) SELECT count(*) FROM c
WITH c AS (SELECT id FROM customers WHERE vip), o AS (SELECT customer, sum(amount) AS s FROM orders GROUP BY 1) SELECT c.id, o.s FROM c LEFT JOIN o ON o.customer = c.id ORDER BY 1 -- ordered
WITH c AS (SELECT id FROM customers), d AS (SELECT id FROM c WHERE id > 5) SELECT count(*) FROM d JOIN orders ON customer = d.id
WITH orders AS (SELECT 1 AS customer, 'cte' AS note) SELECT * FROM orders WHERE customer = 1
WITH customers AS (SELECT * FROM customers WHERE id = 2) SELECT * FROM customers
WITH customers AS (SELECT 2 AS id) SELECT o.id FROM customers JOIN orders o ON o.customer = customers.id ORDER BY 1 -- ordered
WITH unused AS (SELECT 1 / (id - 3) FROM customers) SELECT 1
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS x FROM a) SELECT * FROM a, b
SELECT * FROM (WITH c AS (SELECT id FROM customers) SELECT max(id) FROM c) x
SELECT id FROM customers WHERE id IN (WITH c AS (SELECT customer FROM orders WHERE id = 4) SELECT customer FROM c) ORDER BY id -- ordered
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i, c.name FROM n LEFT JOIN customers c ON c.id = i ORDER BY i -- ordered
WITH RECURSIVE walk(id, depth) AS (SELECT id, 1 FROM customers WHERE id = 1 UNION ALL SELECT c.id, depth + 1 FROM walk JOIN customers c ON c.id = walk.id * 2) SELECT * FROM walk ORDER BY depth -- ordered
WITH RECURSIVE walk(id) AS (SELECT 1::bigint UNION SELECT c.id FROM walk JOIN customers c ON c.country = 'DE' AND c.id > walk.id) SELECT count(*) FROM walk
WITH RECURSIVE customers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM customers WHERE n < 3) SELECT * FROM customers ORDER BY n -- ordered
WITH RECURSIVE r(customer, id) AS (SELECT customer, id FROM orders WHERE id = 1 UNION ALL SELECT o.customer, o.id FROM r JOIN orders o ON o.customer = r.customer AND o.id = r.id + 1) SELECT customer, max(id) FROM r GROUP BY customer ORDER BY 1 -- ordered
