WITH relations AS (
    SELECT c.oid, c.relkind, c.relacl, n.nspname || '.' || c.relname AS qualified,
        CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS relation
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT LIKE 'pg%' AND n.nspname <> 'information_schema'),
columns AS (
    SELECT r.relation, r.relation || ' ' || r.relkind::text || ' column ' || a.attnum || ' ' || a.attname || ' '
        || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' '
        || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' ' || coalesce(col_description(r.oid, a.attnum), '') AS line
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum),
everything AS (
    SELECT * FROM columns
    UNION ALL SELECT relation, relation || ' ' || relkind::text || ' ' || coalesce(obj_description(oid, 'pg_class'), '') || ' '
        || coalesce(relacl::text, '') FROM relations
    UNION ALL SELECT r.relation, pg_get_indexdef(i.indexrelid) FROM relations r JOIN pg_index i ON i.indrelid = r.oid
    UNION ALL SELECT r.relation, r.relation || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
        FROM relations r JOIN pg_constraint c ON c.conrelid = r.oid
    UNION ALL SELECT r.relation, pg_get_triggerdef(t.oid)
        FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
    UNION ALL SELECT r.relation, r.relation || ' ' || pg_get_viewdef(r.oid) FROM relations r WHERE relkind IN ('v', 'm')
    UNION ALL SELECT '', p.oid::regprocedure::text || ' ' || p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname NOT LIKE 'pg%' AND n.nspname <> 'information_schema')
SELECT line FROM everything WHERE :condition ORDER BY line
