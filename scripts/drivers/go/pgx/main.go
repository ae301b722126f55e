// Checks of pgx: https://pkg.go.dev/github.com/jackc/pgx/v5.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	. "pgring/drivers/checks"
)

const (
	insert = "INSERT INTO kv (key, value) VALUES ($1, $2)"
	get    = "SELECT value FROM kv WHERE key = $1"
)

var background = context.Background()

type querier interface {
	Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
	QueryRow(context.Context, string, ...any) pgx.Row
}

func connect(change func(*pgx.ConnConfig)) *pgx.Conn {
	config := Value(pgx.ParseConfig(""))
	if change != nil {
		change(config)
	}
	return Value(pgx.ConnectConfig(background, config))
}

// with runs a check with a connection of its own.
func with(feature, name string, change func(*pgx.ConnConfig), run func(*pgx.Conn)) {
	Check(feature, name, func() error {
		conn := connect(change)
		defer conn.Close(background)
		run(conn)
		return nil
	})
}

func put(conn querier, keys []string) error {
	for _, key := range keys {
		if _, err := conn.Exec(background, insert, key, "of "+key); err != nil {
			return err
		}
	}
	return nil
}

func values(conn querier, keys []string) []string {
	found := make([]string, len(keys))
	for i, key := range keys {
		Must(conn.QueryRow(background, get, key).Scan(&found[i]))
	}
	return found
}

func count(conn querier, prefix string) (n int) {
	Must(conn.QueryRow(background, "SELECT count(*) FROM kv WHERE key LIKE $1", prefix+"%").Scan(&n))
	return n
}

func state(err error) string {
	var failure *pgconn.PgError
	if errors.As(err, &failure) {
		return failure.Code
	}
	return fmt.Sprint(err)
}

func fails(expected string, err error) {
	Same(state(err), expected)
}

func modes() {
	for _, mode := range []pgx.QueryExecMode{
		pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec,
		pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol,
	} {
		feature := "prepared"
		if mode == pgx.QueryExecModeSimpleProtocol {
			feature = "simple"
		}
		with(feature, "mode "+mode.String(), func(config *pgx.ConnConfig) { config.DefaultQueryExecMode = mode }, func(conn *pgx.Conn) {
			keys := Keys(strings.ReplaceAll(mode.String(), " ", "_"), 30)
			Must(put(conn, keys))
			for range 3 {
				Same(values(conn, keys), OfAll(keys))
			}
			rows := Value(conn.Query(background, "SELECT key FROM kv WHERE key = ANY($1) ORDER BY key", keys))
			Same(Value(pgx.CollectRows(rows, pgx.RowTo[string])), keys)
			tag := Value(conn.Exec(background, "UPDATE kv SET value = value || '!' WHERE key LIKE $1", keys[0][:len(keys[0])-3]+"%"))
			Same(tag.RowsAffected(), int64(30))
		})
	}
	with("prepared", "names, more statements than are kept, DEALLOCATE", func(config *pgx.ConnConfig) { config.StatementCacheCapacity = 4 }, func(conn *pgx.Conn) {
		keys := Keys("many", 12)
		Must(put(conn, keys))
		for range 3 {
			for i, key := range keys {
				var value string
				var n int
				Must(conn.QueryRow(background, fmt.Sprintf("SELECT value, %d FROM kv WHERE key = $1", i), key).Scan(&value, &n))
				Same([]any{value, n}, []any{"of " + key, i})
			}
		}
		description := Value(conn.Prepare(background, "named", get))
		Same(description.Fields[0].Name, "value")
		var value string
		for _, key := range keys {
			Must(conn.QueryRow(background, "named", key).Scan(&value))
			Same(value, "of "+key)
		}
		Must(conn.Deallocate(background, "named"))
		Must(conn.DeallocateAll(background))
		Same(values(conn, keys), OfAll(keys))
	})
	with("simple", "several statements in one text", nil, func(conn *pgx.Conn) {
		results := Value(conn.PgConn().Exec(background, "SELECT 1; SELECT 'two', 2; SELECT 3 WHERE false").ReadAll())
		Same([]int{len(results), len(results[0].Rows), len(results[1].Rows), len(results[2].Rows)}, []int{3, 1, 1, 0})
		Same(string(results[1].Rows[0][0]), "two")
	})
}

type spot struct{ X, Y int32 }

func types() {
	with("binary", "values of many types in binary format", nil, func(conn *pgx.Conn) {
		moment := time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)
		amount := pgtype.Numeric{}
		Must(amount.Scan("12345.6789"))
		doc := map[string]any{"a": []any{1.0, nil}}
		body, tags, numbers := []byte{0, 1, 255}, []string{"a", "b,c", `d"e`, ""}, []int32{1, -3}
		for i := range 8 {
			Value(conn.Exec(background, `INSERT INTO typed (id, small, whole, ratio, amount, flag, word, body, moment, uid, doc, tags, numbers)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
				500+i, -5, 123456, 0.1, amount, true, "wörd", body, moment, "ffffffff-0000-1111-2222-333333333333", doc, tags, numbers))
		}
		for i := range 8 {
			var small, whole int
			var ratio float64
			var flag bool
			var word, uid, text string
			var gotBody []byte
			var gotMoment time.Time
			var gotDoc map[string]any
			var gotTags []string
			var gotNumbers []int32
			Must(conn.QueryRow(background, `SELECT small, whole, ratio, amount::text, flag, word, body, moment, uid::text, doc, tags, numbers
				FROM typed WHERE id = $1`, 500+i).
				Scan(&small, &whole, &ratio, &text, &flag, &word, &gotBody, &gotMoment, &uid, &gotDoc, &gotTags, &gotNumbers))
			Same([]any{small, whole, ratio, text, flag, word, gotBody, gotMoment.UTC(), uid, gotDoc, gotTags, gotNumbers},
				[]any{-5, 123456, 0.1, "12345.6789", true, "wörd", body, moment, "ffffffff-0000-1111-2222-333333333333", doc, tags, numbers})
		}
		var sum string
		var latest time.Time
		Must(conn.QueryRow(background, "SELECT sum(amount)::text, max(moment) FROM typed WHERE id >= $1", 500).Scan(&sum, &latest))
		Same([]any{sum, latest.UTC()}, []any{"98765.4312", moment})
	})
	with("types", "types of the user, which the driver loads", nil, func(conn *pgx.Conn) {
		for _, name := range []string{"mood", "_mood", "spot"} {
			conn.TypeMap().RegisterType(Value(conn.LoadType(background, name)))
		}
		for i := range 8 {
			Value(conn.Exec(background, "INSERT INTO typed (id, feeling, place) VALUES ($1, $2, $3)", 600+i, "happy", spot{int32(i), int32(-i)}))
		}
		for i := range 8 {
			var feeling string
			var place spot
			Must(conn.QueryRow(background, "SELECT feeling, place FROM typed WHERE id = $1", 600+i).Scan(&feeling, &place))
			Same([]any{feeling, place}, []any{"happy", spot{int32(i), int32(-i)}})
		}
		rows := Value(conn.Query(background, "SELECT place FROM typed WHERE feeling = $1 AND id >= 600 ORDER BY id", "happy"))
		Same(len(Value(pgx.CollectRows(rows, pgx.RowTo[spot]))), 8)
	})
}

func batches() {
	with("pipeline", "batches over several shards", nil, func(conn *pgx.Conn) {
		keys := Keys("batch", 60)
		batch := &pgx.Batch{}
		for _, key := range keys {
			batch.Queue(insert, key, "of "+key)
		}
		Must(conn.SendBatch(background, batch).Close())
		found := []string{}
		batch = &pgx.Batch{}
		for _, key := range keys {
			batch.Queue(get, key).QueryRow(func(row pgx.Row) error {
				var value string
				err := row.Scan(&value)
				found = append(found, value)
				return err
			})
		}
		Must(conn.SendBatch(background, batch).Close())
		Same(found, OfAll(keys))
		batch = &pgx.Batch{}
		for _, key := range append(Keys("batchfail", 20), "batchfail-003") {
			batch.Queue(insert, key, "x")
		}
		fails("23505", conn.SendBatch(background, batch).Close())
		Same(count(conn, "batchfail-"), 0)
	})
	with("pipeline", "a pipeline with syncs", nil, func(conn *pgx.Conn) {
		keys := Keys("pipeline", 40)
		Must(put(conn, keys))
		Value(conn.Prepare(background, "piped", get))
		pipeline := conn.PgConn().StartPipeline(background)
		for _, key := range keys {
			pipeline.SendQueryPrepared("piped", [][]byte{[]byte(key)}, nil, nil)
			Must(pipeline.Sync())
		}
		for _, key := range keys {
			result := Value(pipeline.GetResults()).(*pgconn.ResultReader).Read()
			Must(result.Err)
			Same(string(result.Rows[0][0]), "of "+key)
			_ = Value(pipeline.GetResults()).(*pgconn.PipelineSync)
		}
		Must(pipeline.Close())
	})
	with("pipeline", "statements that are flushed one by one up to a sync", nil, func(conn *pgx.Conn) {
		keys := Keys("flushed", 12)
		Value(conn.Prepare(background, "put", insert))
		pipeline := conn.PgConn().StartPipeline(background)
		for _, key := range keys {
			pipeline.SendQueryPrepared("put", [][]byte{[]byte(key), []byte("of " + key)}, nil, nil)
			pipeline.SendFlushRequest()
			Must(pipeline.Flush())
			Must(Value(pipeline.GetResults()).(*pgconn.ResultReader).Read().Err)
		}
		Must(pipeline.Sync())
		_ = Value(pipeline.GetResults()).(*pgconn.PipelineSync)
		Must(pipeline.Close())
		Same(values(conn, keys), OfAll(keys))
	})
}

func transactions() {
	with("transaction", "commit, rollback and savepoints over several shards", nil, func(conn *pgx.Conn) {
		keys := Keys("tx", 9)
		tx := Value(conn.Begin(background))
		Must(put(tx, keys))
		Same(values(tx, keys), OfAll(keys))
		Must(tx.Rollback(background))
		Same(count(conn, "tx-"), 0)
		Must(pgx.BeginTxFunc(background, conn, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
			Must(put(tx, keys[:3]))
			fails("23505", pgx.BeginFunc(background, tx, func(inner pgx.Tx) error {
				Must(put(inner, keys[3:6]))
				return put(inner, keys[:1])
			}))
			return pgx.BeginFunc(background, tx, func(inner pgx.Tx) error { return put(inner, keys[6:]) })
		}))
		Same(count(conn, "tx-"), 6)
	})
	with("transaction", "read only", nil, func(conn *pgx.Conn) {
		tx := Value(conn.BeginTx(background, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}))
		fails("25006", put(tx, []string{"readonly"}))
		Must(tx.Rollback(background))
	})
	with("error", "fields of an error, and the session goes on", nil, func(conn *pgx.Conn) {
		Must(put(conn, []string{"error-1"}))
		var failure *pgconn.PgError
		Same(errors.As(put(conn, []string{"error-1"}), &failure), true)
		Same([]string{failure.Code, failure.TableName, failure.ConstraintName, failure.Detail}, []string{"23505", "kv", "kv_pkey", "Key (key)=(error-1) already exists."})
		_, err := conn.Exec(background, "SELECT nothing FROM kv WHERE key = $1", "error-1")
		fails("42703", err)
		_, err = conn.Exec(background, "SELEC 1")
		fails("42601", err)
		Same(values(conn, []string{"error-1"}), []string{"of error-1"})
	})
}

func copies() {
	with("copy", "rows in, in binary format, and out", nil, func(conn *pgx.Conn) {
		keys := Keys("copy", 1000)
		rows := func(i int) ([]any, error) { return []any{keys[i], "of " + keys[i]}, nil }
		n := Value(conn.CopyFrom(background, pgx.Identifier{"kv"}, []string{"key", "value"}, pgx.CopyFromSlice(len(keys), rows)))
		Same(n, int64(1000))
		var out strings.Builder
		tag := Value(conn.PgConn().CopyTo(background, &out, "COPY (SELECT key FROM kv WHERE key LIKE 'copy-%' ORDER BY key) TO STDOUT"))
		Same(tag.RowsAffected(), int64(1000))
		Same(out.String(), strings.Join(keys, "\n")+"\n")
		Same(values(conn, keys[:20]), OfAll(keys[:20]))
		_, err := conn.CopyFrom(background, pgx.Identifier{"kv"}, []string{"key", "value"}, pgx.CopyFromRows([][]any{{"copyfail", "a"}, {"copyfail", "b"}}))
		fails("23505", err)
		Same(count(conn, "copyfail"), 0)
	})
	with("cursor", "cursors of SQL in small portions", nil, func(conn *pgx.Conn) {
		keys := Keys("cursor", 50)
		Must(put(conn, keys))
		tx := Value(conn.Begin(background))
		Value(tx.Exec(background, "DECLARE portions CURSOR FOR SELECT key FROM kv WHERE key LIKE 'cursor-%' ORDER BY key"))
		found := []string{}
		for {
			portion := Value(pgx.CollectRows(Value(tx.Query(background, "FETCH 7 FROM portions")), pgx.RowTo[string]))
			if len(portion) == 0 {
				break
			}
			found = append(found, portion...)
		}
		Same(found, keys)
		Value(tx.Exec(background, "CLOSE portions"))
		Must(tx.Commit(background))
		rows := Value(conn.Query(background, "SELECT key FROM kv WHERE key LIKE $1 ORDER BY key", "cursor-%"))
		Same(rows.Next(), true)
		rows.Close()
		Same(values(conn, keys[:5]), OfAll(keys[:5]))
	})
}

func cancels() {
	sendCancel := func(config *pgx.ConnConfig) {
		config.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
			return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: 20 * time.Second}
		}
	}
	with("cancel", "statements on one shard and on every shard, by their context", sendCancel, func(conn *pgx.Conn) {
		Must(put(conn, Keys("cancel", 6)))
		for _, sql := range []string{
			"SELECT pg_sleep(30)",
			"SELECT pg_sleep(30) FROM kv WHERE key = 'cancel-001'",
			"SELECT key, pg_sleep(30) FROM kv WHERE key LIKE 'cancel-%'",
		} {
			limited, cancel := context.WithTimeout(background, 500*time.Millisecond)
			_, err := conn.Exec(limited, sql)
			cancel()
			fails("57014", err)
			Same(values(conn, []string{"cancel-002"}), []string{"of cancel-002"})
		}
	})
	with("settings", "start-up parameters and SET", func(config *pgx.ConnConfig) {
		config.RuntimeParams["application_name"] = "pgx app"
		config.RuntimeParams["search_path"] = "pg_catalog,public"
		config.RuntimeParams["options"] = "-c work_mem=7MB"
	}, func(conn *pgx.Conn) {
		Must(put(conn, []string{"settings-1"}))
		Value(conn.Exec(background, "SET timezone = 'Asia/Tokyo'"))
		var name, path, memory, zone string
		Must(conn.QueryRow(background, `SELECT current_setting('application_name'), current_setting('search_path'), current_setting('work_mem'),
			current_setting('timezone') FROM kv WHERE key = $1`, "settings-1").Scan(&name, &path, &memory, &zone))
		Same([]string{name, path, memory, zone}, []string{"pgx app", "pg_catalog,public", "7MB", "Asia/Tokyo"})
		Same(conn.PgConn().ParameterStatus("TimeZone"), "Asia/Tokyo")
		Value(conn.Exec(background, "DISCARD ALL"))
		Must(conn.QueryRow(background, "SHOW work_mem", pgx.QueryExecModeSimpleProtocol).Scan(&memory))
		Same(memory, "7MB")
	})
}

func pools() {
	Check("crowd", fmt.Sprintf("%d connections of a pool at once", Crowd()), func() error {
		pool := newPool(Crowd())
		defer pool.Close()
		keys := Keys("crowd", Crowd())
		var all sync.WaitGroup
		errs := make(chan error, len(keys))
		for _, key := range keys {
			all.Add(1)
			go func() {
				defer all.Done()
				errs <- pool.AcquireFunc(background, func(conn *pgxpool.Conn) error {
					if err := put(conn, []string{key}); err != nil {
						return err
					}
					time.Sleep(200 * time.Millisecond)
					var value string
					err := conn.QueryRow(background, get, key).Scan(&value)
					Same(value, "of "+key)
					return err
				})
			}()
		}
		all.Wait()
		close(errs)
		for err := range errs {
			Must(err)
		}
		return nil
	})
	if !CanRestart {
		Skip("reconnect", "a pool gets over a restart", "the server is not restarted")
		return
	}
	Check("reconnect", "a pool gets over a restart of the proxy", func() error {
		pool := newPool(3)
		defer pool.Close()
		keys := Keys("restart", 10)
		Must(put(pool, keys))
		Restart()
		time.Sleep(1100 * time.Millisecond) // connections that were unused for longer than a second are tried first
		for range 6 {
			Same(values(pool, keys), OfAll(keys))
		}
		return nil
	})
}

func newPool(size int) *pgxpool.Pool {
	config := Value(pgxpool.ParseConfig(""))
	config.MaxConns = int32(size)
	config.ConnConfig.DialFunc = (&net.Dialer{Timeout: 20 * time.Second}).DialContext
	return Value(pgxpool.NewWithConfig(background, config))
}

func listens() {
	conn := connect(nil)
	defer conn.Close(background)
	_, err := conn.Exec(background, "LISTEN news")
	if state(err) == "0A000" {
		Skip("listen", "notifications", err.Error())
		return
	}
	Must(err)
	Check("listen", "notifications", func() error {
		other := connect(nil)
		defer other.Close(background)
		Value(other.Exec(background, "NOTIFY news, 'hello'"))
		limited, cancel := context.WithTimeout(background, 20*time.Second)
		defer cancel()
		heard := Value(conn.WaitForNotification(limited))
		Same([]string{heard.Channel, heard.Payload}, []string{"news", "hello"})
		return nil
	})
}

func main() {
	Driver("pgx", "github.com/jackc/pgx/v5")
	first := connect(nil)
	for _, table := range Tables {
		Value(first.Exec(background, "TRUNCATE "+table))
	}
	Must(first.Close(background))
	modes()
	types()
	batches()
	transactions()
	copies()
	cancels()
	pools()
	listens()
	Finish()
}
