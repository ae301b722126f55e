# Joins: of what lies together, of what doesn't, inner and outer.

# --- one customer
SELECT c.name, o.id, o.amount FROM customers c JOIN orders o ON o.customer = c.id WHERE c.id = 3 ORDER BY o.id -- ordered
SELECT c.name, o.id, o.amount FROM customers c JOIN orders o ON o.customer = c.id WHERE o.customer = 3 ORDER BY o.id -- ordered
SELECT c.name, o.id FROM customers c, orders o WHERE o.customer = c.id AND c.id = $1 ORDER BY 2 -- parameters 5:int8 -- ordered
SELECT c.name, o.id FROM customers c, orders o WHERE o.customer = c.id AND c.id = $1 ORDER BY 2 -- parameters 5 -- ordered
SELECT c.name, o.id FROM customers c, orders o WHERE o.customer = $1 AND c.id = $1 ORDER BY 2 -- parameters 5:int4 -- ordered
SELECT c.name, o.id FROM customers c, orders o WHERE o.customer = $1 AND c.id = $2 ORDER BY 2 -- parameters 5:int8 | 6:int8 -- ordered
SELECT c.name, o.id FROM customers c LEFT JOIN orders o ON o.customer = c.id WHERE c.id = 4
SELECT c.name, o.id FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.amount > 50 WHERE c.id = 6 ORDER BY 2 -- ordered
SELECT c.name, o.id FROM orders o LEFT JOIN customers c ON o.customer = c.id WHERE o.customer = 20
SELECT c.name, o.id FROM orders o RIGHT JOIN customers c ON o.customer = c.id WHERE c.id = 4
SELECT c.name, o.id FROM orders o FULL JOIN customers c ON o.customer = c.id WHERE c.id = 4
SELECT c.name, o.id FROM customers c JOIN orders o ON o.customer = 7 WHERE c.id = 7 ORDER BY 2 -- ordered
SELECT c.name, o.id FROM customers c JOIN orders o ON o.customer = 8 WHERE c.id = 7 ORDER BY 2 -- ordered
SELECT c.name, o.id FROM customers c LEFT JOIN orders o ON o.customer = 8 WHERE c.id = 7 ORDER BY 2 -- ordered
SELECT c.name, o.id FROM customers c LEFT JOIN orders o ON c.id = 7 AND o.customer = 7 ORDER BY c.id, o.id -- ordered
SELECT count(*) FROM customers c CROSS JOIN orders o WHERE c.id = 1 AND o.customer = 1
SELECT count(*) FROM customers c CROSS JOIN orders o WHERE c.id = 1 AND o.customer IN (1)
SELECT a.id, b.id FROM orders a JOIN orders b USING (customer) WHERE customer = 2 AND a.id < b.id ORDER BY 1, 2 -- ordered
SELECT * FROM orders a NATURAL JOIN orders b WHERE customer = 2 AND id = 1
SELECT a.id FROM orders a JOIN orders b ON a.customer = b.customer JOIN customers c ON c.id = b.customer WHERE a.customer = 9 AND b.id = 2 ORDER BY 1 -- ordered
SELECT c.name, x.n FROM customers c, generate_series(1, c.id) AS x(n) WHERE c.id = 3 ORDER BY 2 -- ordered
SELECT c.id, l.id FROM customers c, LATERAL (SELECT o.id FROM orders o WHERE o.customer = c.id ORDER BY o.id DESC LIMIT 1) l WHERE c.id = 3
SELECT c.id, l.id FROM customers c LEFT JOIN LATERAL (SELECT o.id FROM orders o WHERE o.customer = c.id AND o.amount > 1000) l ON true WHERE c.id = 3

# --- by the key, for all customers
SELECT c.id, c.name, o.id, o.amount FROM customers c JOIN orders o ON o.customer = c.id ORDER BY c.id, o.id -- ordered
SELECT c.id, c.name, o.id, o.amount FROM customers c JOIN orders o ON o.customer = c.id
SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer = c.id ORDER BY c.id, o.id NULLS FIRST -- ordered
SELECT c.id, o.customer, o.id FROM customers c RIGHT JOIN orders o ON o.customer = c.id ORDER BY o.customer, o.id -- ordered
SELECT c.id, o.customer, o.id FROM customers c FULL JOIN orders o ON o.customer = c.id ORDER BY c.id, o.customer, o.id -- ordered
SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer = c.id WHERE o.id IS NULL ORDER BY 1 -- ordered
SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.note = 'red' ORDER BY c.id, o.id -- ordered
SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer = c.id AND c.vip ORDER BY c.id, o.id -- ordered
SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer = c.id OR o.customer = 20 ORDER BY c.id, o.id -- ordered
SELECT c.id, o.id FROM customers c JOIN orders o ON o.customer = c.id + 0 ORDER BY 1, 2 -- ordered
SELECT c.id, o.id FROM customers c JOIN orders o ON o.customer = c.id AND o.id = 2 WHERE c.country IN ('DE', 'IT') ORDER BY c.name, c.id -- ordered
SELECT count(*), sum(o.amount) FROM customers c JOIN orders o ON o.customer = c.id WHERE c.vip
SELECT count(*) FROM customers c JOIN orders o ON o.customer = c.id AND o.customer = c.id + 0
SELECT c.id, o.id FROM customers c JOIN orders o ON (o.customer, 1) = (c.id, o.id) ORDER BY 1 -- ordered
SELECT c.* FROM customers c JOIN (SELECT DISTINCT customer FROM orders WHERE amount > 60) o ON o.customer = c.id ORDER BY c.id -- ordered
SELECT c.id, t.total FROM customers c JOIN (SELECT customer, sum(amount) AS total FROM orders GROUP BY customer) t ON t.customer = c.id ORDER BY 2 DESC NULLS LAST, 1 -- ordered
SELECT a.customer, a.id, b.id FROM orders a JOIN orders b USING (customer) WHERE a.id = b.id + 1 ORDER BY 1, 2 -- ordered
SELECT count(*) FROM orders a JOIN orders b USING (customer) JOIN customers c ON c.id = customer
SELECT customer, a.id, b.id FROM orders a FULL JOIN orders b USING (customer, id) ORDER BY customer, a.id -- ordered

# --- across shards
SELECT a.id, b.id FROM customers a JOIN customers b ON a.country = b.country AND a.id < b.id ORDER BY 1, 2 -- ordered
SELECT a.id, b.id FROM customers a JOIN customers b ON a.id = b.id + 1 ORDER BY 1 -- ordered
SELECT c.id, o.customer FROM customers c JOIN orders o ON o.id = c.id ORDER BY 1, 2 -- ordered
SELECT c.id, o.customer FROM customers c LEFT JOIN orders o ON o.id = c.id ORDER BY 1, 2 -- ordered
SELECT count(*) FROM customers a, customers b
SELECT count(*) FROM customers a CROSS JOIN orders b
SELECT a.id FROM customers a JOIN customers b ON a.name = b.name AND a.id <> b.id WHERE a.id = 1 ORDER BY 1 -- ordered
SELECT b.id FROM customers a JOIN customers b ON a.name = b.name WHERE a.id = 1 ORDER BY 1 -- ordered
SELECT c.id, k.key FROM customers c JOIN kv k ON k.key = 'k' || c.id ORDER BY 1 -- ordered
SELECT c.id, k.key FROM customers c LEFT JOIN kv k ON k.key = 'k' || c.id ORDER BY 1 -- ordered
SELECT c.id, k.value FROM customers c, kv k WHERE c.id = 1 AND k.key = 'k1'
SELECT c.id, k.value FROM customers c, kv k WHERE c.id = 2 AND k.key = 'k1'
SELECT c.id, l.key FROM customers c CROSS JOIN LATERAL (SELECT key FROM kv WHERE key > 'k' || c.id ORDER BY key LIMIT 1) l ORDER BY 1 -- ordered
SELECT count(*) FROM customers a FULL JOIN customers b ON a.country = b.country AND a.name = b.name

# --- with countries and with tables of the home shard
SELECT c.id, n.name FROM customers c JOIN countries n ON n.code = c.country WHERE c.id = 5
SELECT c.id, n.name FROM customers c JOIN countries n ON n.code = c.country ORDER BY c.id -- ordered
SELECT c.id, n.name FROM customers c LEFT JOIN countries n ON n.code = c.country ORDER BY c.id -- ordered
SELECT n.code, c.id FROM countries n LEFT JOIN customers c ON n.code = c.country ORDER BY 1, 2 -- ordered
SELECT n.code, c.id FROM customers c RIGHT JOIN countries n ON n.code = c.country ORDER BY 1, 2 -- ordered
SELECT n.code, c.id FROM customers c FULL JOIN countries n ON n.code = c.country ORDER BY 1, 2 -- ordered
SELECT n.code, count(c.id) FROM countries n LEFT JOIN customers c ON n.code = c.country GROUP BY n.code ORDER BY 1 -- ordered
SELECT n.name, sum(o.amount) FROM countries n JOIN customers c ON c.country = n.code JOIN orders o ON o.customer = c.id GROUP BY 1 ORDER BY 1 -- ordered
SELECT n.code FROM countries n WHERE NOT EXISTS (SELECT FROM customers c WHERE c.country = n.code)
= SELECT * FROM countries ORDER BY code -- ordered
= SELECT n.name FROM countries n JOIN settings s ON s.name = n.code
= SELECT n.code, s.n FROM countries n FULL JOIN settings s ON s.name = n.code ORDER BY 1, 2 -- ordered
SELECT s.name, c.id FROM settings s JOIN customers c ON c.country = s.name ORDER BY 2 -- ordered
SELECT s.name, o.id FROM settings s LEFT JOIN orders o ON o.id = s.n AND o.customer = 1 ORDER BY 1 -- ordered
SELECT s.name, o.customer FROM settings s LEFT JOIN orders o ON o.id = s.n ORDER BY 1, 2 -- ordered
SELECT count(*) FROM customers, countries, settings
SELECT n.name, v.x FROM countries n, (VALUES (1), (2)) AS v(x) ORDER BY 1, 2 -- ordered
SELECT c.id, v.x FROM customers c JOIN (VALUES (1, 'one'), (2, 'two'), (4, 'four')) AS v(n, x) ON v.n = c.id ORDER BY 1 -- ordered
SELECT v.n, c.id FROM (VALUES (1), (2), (99)) AS v(n) LEFT JOIN customers c ON c.id = v.n ORDER BY 1 -- ordered
SELECT c.id FROM unnest(ARRAY[1, 2, 3, 77]::bigint[]) AS u(id) JOIN customers c USING (id) ORDER BY 1 -- ordered
SELECT g, c.name FROM generate_series(1, 3) AS g LEFT JOIN customers c ON c.id = g ORDER BY 1 -- ordered
