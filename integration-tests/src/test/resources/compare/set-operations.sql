# UNION, INTERSECT, EXCEPT.

# ---
SELECT id FROM customers WHERE id = 1 UNION SELECT id FROM customers WHERE id = 2 ORDER BY 1 -- ordered
SELECT id FROM customers WHERE id = 1 UNION ALL SELECT id FROM customers WHERE id = 1
SELECT name FROM customers WHERE id = 1 UNION SELECT note FROM orders WHERE customer = 1 ORDER BY 1 -- ordered
SELECT id FROM customers UNION SELECT customer FROM orders ORDER BY 1 -- ordered
SELECT id FROM customers UNION ALL SELECT customer FROM orders ORDER BY 1 -- ordered
SELECT id FROM customers INTERSECT SELECT customer FROM orders ORDER BY 1 -- ordered
SELECT id FROM customers EXCEPT SELECT customer FROM orders ORDER BY 1 -- ordered
SELECT customer FROM orders INTERSECT ALL SELECT customer FROM orders WHERE id > 1 ORDER BY 1 -- ordered
SELECT customer FROM orders EXCEPT ALL SELECT id FROM customers ORDER BY 1 -- ordered
SELECT country FROM customers UNION SELECT code FROM countries ORDER BY 1 -- ordered
SELECT country FROM customers EXCEPT SELECT code FROM countries ORDER BY 1 NULLS FIRST -- ordered
SELECT code FROM countries EXCEPT SELECT country FROM customers ORDER BY 1 -- ordered
SELECT code FROM countries INTERSECT SELECT name FROM settings
= SELECT code FROM countries UNION ALL SELECT name FROM settings ORDER BY 1 -- ordered
SELECT id, name FROM customers WHERE id < 3 UNION ALL SELECT id, note FROM orders WHERE customer = 1 ORDER BY 2, 1 -- ordered
SELECT id FROM customers UNION SELECT id FROM orders UNION SELECT n FROM settings ORDER BY 1 -- ordered
(SELECT id FROM customers ORDER BY id LIMIT 2) UNION ALL (SELECT id FROM customers ORDER BY id DESC LIMIT 2) ORDER BY 1 -- ordered
(SELECT id FROM customers WHERE id = 1) INTERSECT (SELECT id FROM customers WHERE id = 1 OR id = 2)
SELECT 1 UNION SELECT 2 WHERE EXISTS (SELECT FROM customers WHERE id = 3) ORDER BY 1 -- ordered
SELECT 1::bigint UNION ALL SELECT id FROM customers WHERE id = 1
SELECT 1 UNION ALL SELECT NULL UNION ALL SELECT 2.5 ORDER BY 1 -- ordered
SELECT NULL AS x UNION SELECT id FROM customers WHERE id = 1 ORDER BY 1 -- ordered
SELECT id AS a FROM customers WHERE id = 1 UNION SELECT id AS b FROM customers WHERE id = 2 ORDER BY a -- ordered
SELECT id FROM customers UNION SELECT name FROM customers
SELECT id FROM customers UNION SELECT id, name FROM customers
SELECT id FROM customers UNION SELECT 1 ORDER BY name
SELECT amount FROM orders WHERE customer = 1 UNION SELECT 1 ORDER BY 1 -- ordered
SELECT count(*) FROM (SELECT id FROM customers UNION SELECT customer FROM orders) x
SELECT max(id) FROM (SELECT id FROM customers WHERE id < 5 EXCEPT SELECT 4) x
VALUES (1, 'a'), (2, 'b') UNION SELECT id, name FROM customers WHERE id = 3 ORDER BY 1 -- ordered
TABLE customers UNION TABLE customers ORDER BY 1 -- ordered
SELECT * FROM customers WHERE id = 1 UNION SELECT * FROM customers WHERE id = 1
SELECT DISTINCT country FROM customers UNION ALL SELECT DISTINCT country FROM customers ORDER BY 1 -- ordered
SELECT country FROM customers GROUP BY country HAVING count(*) > 3 UNION SELECT 'ZZ' ORDER BY 1 -- ordered
(SELECT note FROM orders UNION SELECT name FROM customers) EXCEPT (SELECT 'red' UNION SELECT 'green') ORDER BY 1 -- ordered
SELECT id FROM customers UNION SELECT customer FROM orders ORDER BY 1 LIMIT 3 OFFSET 2 -- ordered
SELECT id FROM customers WHERE id = $1 UNION ALL SELECT customer FROM orders WHERE customer = $1 -- parameters 3:int8
SELECT id FROM customers WHERE id = $1 UNION ALL SELECT customer FROM orders WHERE customer = $2 -- parameters 3:int8 | 4:int8
SELECT id FROM customers WHERE id = $1 UNION ALL SELECT customer FROM orders WHERE customer = $2 -- parameters 3:int8 | 5:int8
