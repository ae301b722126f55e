INSERT INTO region SELECT i, (ARRAY['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'])[i + 1] FROM generate_series(0, 4) i;
INSERT INTO nation SELECT i, 'NATION ' || i, i % 5 FROM generate_series(0, 24) i;
INSERT INTO supplier SELECT i, 'Supplier#' || i, i % 25 FROM generate_series(1, 50) i;
INSERT INTO customer SELECT i, 'Customer#' || i, (i * 7) % 25, (i * 7919 % 1000000) / 100.0 - 999,
  (ARRAY['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'MACHINERY', 'HOUSEHOLD'])[i % 5 + 1] FROM generate_series(1, 150) i;
INSERT INTO orders SELECT i, (i * 31) % 100 + 1, substr('OFP', i % 3 + 1, 1), (i * 104729 % 50000000) / 100.0,
  date '1992-01-01' + (i * 37) % 2400, (ARRAY['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'])[i * 3 % 5 + 1],
  CASE WHEN i % 11 = 0 THEN 'special requests' ELSE 'comment ' || i END FROM generate_series(1, 1500) i;
INSERT INTO lineitem SELECT o, n, (o * 13 + n * 7) % 50 + 1, (o * 17 + n * 5) % 50 + 1, ((o * 7 + n) * 9973 % 9000000) / 100.0 + 900,
  ((o + n) % 11) / 100.0, ((o * n) % 9) / 100.0, substr('ANR', (o + n) % 3 + 1, 1), substr('OF', (o * n) % 2 + 1, 1),
  date '1992-01-01' + (o * 37) % 2400 + (n * 13) % 121, date '1992-01-01' + (o * 37) % 2400 + (n * 29 + o) % 90,
  date '1992-01-01' + (o * 37) % 2400 + (n * 13) % 121 + (o + n) % 30,
  (ARRAY['MAIL', 'SHIP', 'AIR', 'TRUCK', 'RAIL', 'FOB', 'REG AIR'])[(o * 5 + n) % 7 + 1]
  FROM generate_series(1, 1500) o, generate_series(1, 4) n WHERE n <= o % 7 + 1;
