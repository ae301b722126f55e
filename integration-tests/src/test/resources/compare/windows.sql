# Window functions.

# ---
SELECT id, row_number() OVER (ORDER BY id) FROM customers ORDER BY id -- ordered
SELECT id, rank() OVER (ORDER BY country), dense_rank() OVER (ORDER BY country) FROM customers ORDER BY id -- ordered
SELECT customer, id, sum(amount) OVER (PARTITION BY customer ORDER BY id) FROM orders ORDER BY customer, id -- ordered
SELECT customer, id, sum(amount) OVER (PARTITION BY customer ORDER BY id) FROM orders WHERE customer = 6 ORDER BY id -- ordered
SELECT customer, id, count(*) OVER () FROM orders ORDER BY customer, id -- ordered
SELECT customer, id, count(*) OVER () FROM orders WHERE customer = 6 ORDER BY id -- ordered
SELECT customer, id, lag(amount) OVER w, lead(amount, 1, 0.00) OVER w FROM orders WINDOW w AS (ORDER BY customer, id) ORDER BY customer, id -- ordered
SELECT customer, id, first_value(id) OVER w, last_value(id) OVER w, nth_value(id, 2) OVER w FROM orders WINDOW w AS (PARTITION BY customer ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY customer, id -- ordered
SELECT id, ntile(3) OVER (ORDER BY id), percent_rank() OVER (ORDER BY id), cume_dist() OVER (ORDER BY id) FROM customers ORDER BY id -- ordered
SELECT customer, id, avg(amount) OVER (PARTITION BY note) FROM orders ORDER BY customer, id -- ordered
SELECT note, sum(count(*)) OVER (ORDER BY note) FROM orders GROUP BY note ORDER BY note -- ordered
SELECT customer, sum(sum(amount)) OVER (ORDER BY customer) FROM orders GROUP BY customer ORDER BY customer -- ordered
SELECT customer, rank() OVER (ORDER BY sum(amount) DESC NULLS LAST) FROM orders GROUP BY customer ORDER BY 2, 1 -- ordered
SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM customers WHERE id < 100 ORDER BY id -- ordered
SELECT id, count(*) OVER (ORDER BY id RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) FROM customers WHERE id < 100 ORDER BY id -- ordered
SELECT id, count(*) OVER (ORDER BY country GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM customers ORDER BY id -- ordered
SELECT id, count(*) FILTER (WHERE vip) OVER (ORDER BY id) FROM customers ORDER BY id -- ordered
SELECT id, count(*) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) FROM customers ORDER BY id -- ordered
SELECT id FROM customers ORDER BY row_number() OVER (ORDER BY id DESC) LIMIT 3 -- ordered
SELECT DISTINCT count(*) OVER (PARTITION BY country) FROM customers ORDER BY 1 -- ordered
SELECT c.id, o.id, row_number() OVER (PARTITION BY c.country ORDER BY c.id, o.id) FROM customers c JOIN orders o ON o.customer = c.id ORDER BY 1, 2 -- ordered
SELECT code, row_number() OVER (ORDER BY code) FROM countries ORDER BY code -- ordered
SELECT max(n) FROM (SELECT row_number() OVER (PARTITION BY customer ORDER BY id) AS n FROM orders) x
SELECT id, row_number() OVER (ORDER BY id) FROM customers WHERE id IN (1, 5, 9) ORDER BY id -- ordered
SELECT id, row_number() OVER (ORDER BY id) FROM customers ORDER BY id LIMIT 2 -- ordered
SELECT row_number() OVER () FROM customers WHERE id = 1
SELECT id FROM customers WHERE row_number() OVER () = 1
SELECT sum(amount) OVER nothing FROM orders
