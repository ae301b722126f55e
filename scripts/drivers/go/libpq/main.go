// Checks of lib/pq through database/sql: https://pkg.go.dev/github.com/lib/pq.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/lib/pq"

	. "pgring/drivers/checks"
)

const (
	insert = "INSERT INTO kv (key, value) VALUES ($1, $2)"
	get    = "SELECT value FROM kv WHERE key = $1"
)

var background = context.Background()

type querier interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// with runs a check with connections of its own.
func with(feature, name, options string, run func(*sql.DB)) {
	Check(feature, name, func() error {
		db := Value(sql.Open("postgres", "sslmode=prefer "+options))
		defer db.Close()
		run(db)
		return nil
	})
}

func put(db querier, keys []string) error {
	for _, key := range keys {
		if _, err := db.ExecContext(background, insert, key, "of "+key); err != nil {
			return err
		}
	}
	return nil
}

func values(db querier, keys []string) []string {
	found := make([]string, len(keys))
	for i, key := range keys {
		Must(db.QueryRowContext(background, get, key).Scan(&found[i]))
	}
	return found
}

func count(db querier, prefix string) (n int) {
	Must(db.QueryRowContext(background, "SELECT count(*) FROM kv WHERE key LIKE $1", prefix+"%").Scan(&n))
	return n
}

func state(err error) string {
	var failure *pq.Error
	if errors.As(err, &failure) {
		return string(failure.Code)
	}
	return fmt.Sprint(err)
}

func fails(expected string, err error) {
	Same(state(err), expected)
}

func statements() {
	with("simple", "texts without parameters", "", func(db *sql.DB) {
		for _, table := range Tables {
			Value(db.Exec("TRUNCATE " + table))
		}
		Value(db.Exec("INSERT INTO kv VALUES ('simple-1', 'a'); UPDATE kv SET value = 'b' WHERE key = 'simple-1'"))
		Same(values(db, []string{"simple-1"}), []string{"b"})
		rows := Value(db.Query("SELECT 1; SELECT 'two' WHERE true"))
		var one int
		Same(rows.Next(), true)
		Must(rows.Scan(&one))
		Same(rows.Next(), false)
		Same(rows.NextResultSet(), true)
		var two string
		Same(rows.Next(), true)
		Must(rows.Scan(&two))
		Same(two, "two")
		Must(rows.Close())
	})
	for _, options := range []string{"", "binary_parameters=yes"} {
		feature := "prepared"
		if options != "" {
			feature = "binary"
		}
		with(feature, "unnamed and named statements "+options, options, func(db *sql.DB) {
			keys := Keys(feature, 30)
			Must(put(db, keys))
			for range 3 {
				Same(values(db, keys), OfAll(keys))
			}
			statement := Value(db.Prepare(get))
			other := Value(db.Prepare("SELECT value || '!' FROM kv WHERE key = $1"))
			for _, key := range keys {
				var value, louder string
				Must(statement.QueryRow(key).Scan(&value))
				Must(other.QueryRow(key).Scan(&louder))
				Same([]string{value, louder}, []string{"of " + key, "of " + key + "!"})
			}
			Must(statement.Close())
			var n int
			Must(db.QueryRow("SELECT count(*) FROM kv WHERE key = ANY($1)", pq.Array(keys)).Scan(&n))
			Same(n, 30)
			body := []byte{0, 1, 255}
			moment := time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)
			id := len(options)
			Value(db.Exec("INSERT INTO typed (id, body, moment, ratio, flag, tags, feeling) VALUES ($1, $2, $3, $4, $5, $6, $7)",
				id, body, moment, 0.1, true, pq.Array([]string{"a", "b,c"}), "happy"))
			var gotBody []byte
			var gotMoment time.Time
			var ratio float64
			var flag bool
			var tags []string
			var feeling string
			Must(db.QueryRow("SELECT body, moment, ratio, flag, tags, feeling FROM typed WHERE id = $1", id).
				Scan(&gotBody, &gotMoment, &ratio, &flag, pq.Array(&tags), &feeling))
			Same([]any{gotBody, gotMoment.UTC(), ratio, flag, tags, feeling}, []any{body, moment, 0.1, true, []string{"a", "b,c"}, "happy"})
		})
	}
}

func transactions() {
	with("transaction", "commit, rollback and savepoints over several shards", "", func(db *sql.DB) {
		keys := Keys("tx", 9)
		tx := Value(db.Begin())
		Must(put(tx, keys))
		Same(values(tx, keys), OfAll(keys))
		Must(tx.Rollback())
		Same(count(db, "tx-"), 0)
		tx = Value(db.BeginTx(background, &sql.TxOptions{Isolation: sql.LevelReadCommitted}))
		Must(put(tx, keys[:3]))
		Value(tx.Exec("SAVEPOINT s"))
		Must(put(tx, keys[3:]))
		fails("23505", put(tx, keys[:1]))
		Value(tx.Exec("ROLLBACK TO SAVEPOINT s"))
		Must(tx.Commit())
		Same(count(db, "tx-"), 3)
	})
	with("transaction", "repeatable read, read only", "", func(db *sql.DB) {
		tx := Value(db.BeginTx(background, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}))
		fails("25006", put(tx, []string{"readonly"}))
		Must(tx.Rollback())
	})
	with("error", "fields of an error, and the session goes on", "", func(db *sql.DB) {
		db.SetMaxOpenConns(1)
		Must(put(db, []string{"error-1"}))
		var failure *pq.Error
		Same(errors.As(put(db, []string{"error-1"}), &failure), true)
		Same([]string{string(failure.Code), failure.Table, failure.Constraint}, []string{"23505", "kv", "kv_pkey"})
		_, err := db.Exec("SELECT nothing FROM kv WHERE key = $1", "error-1")
		fails("42703", err)
		_, err = db.Exec("SELEC 1")
		fails("42601", err)
		Same(values(db, []string{"error-1"}), []string{"of error-1"})
	})
}

func copies() {
	with("copy", "rows in", "", func(db *sql.DB) {
		keys := Keys("copy", 1000)
		tx := Value(db.Begin())
		statement := Value(tx.Prepare(pq.CopyIn("kv", "key", "value")))
		for _, key := range keys {
			Value(statement.Exec(key, "of "+key))
		}
		Value(statement.Exec())
		Must(statement.Close())
		Must(tx.Commit())
		Same(count(db, "copy-"), 1000)
		Same(values(db, keys[:20]), OfAll(keys[:20]))
	})
	with("cursor", "cursors of SQL in small portions", "", func(db *sql.DB) {
		keys := Keys("cursor", 50)
		Must(put(db, keys))
		tx := Value(db.Begin())
		Value(tx.Exec("DECLARE portions CURSOR FOR SELECT key FROM kv WHERE key LIKE 'cursor-%' ORDER BY key"))
		found := []string{}
		for before := -1; before != len(found); {
			before = len(found)
			rows := Value(tx.Query("FETCH 7 FROM portions"))
			for rows.Next() {
				var key string
				Must(rows.Scan(&key))
				found = append(found, key)
			}
			Must(rows.Err())
		}
		Same(found, keys)
		Must(tx.Commit())
	})
}

func sessions() {
	with("cancel", "statements on one shard and on every shard, by their context", "", func(db *sql.DB) {
		db.SetMaxOpenConns(1)
		Must(put(db, Keys("cancel", 6)))
		for _, text := range []string{
			"SELECT pg_sleep(30)",
			"SELECT pg_sleep(30) FROM kv WHERE key = 'cancel-001'",
			"SELECT key, pg_sleep(30) FROM kv WHERE key LIKE 'cancel-%'",
		} {
			limited, cancel := context.WithTimeout(background, 500*time.Millisecond)
			began := time.Now()
			_, err := db.ExecContext(limited, text)
			cancel()
			if err == nil || time.Since(began) > 20*time.Second {
				panic(fmt.Sprint("not cancelled: ", err))
			}
			Same(values(db, []string{"cancel-002"}), []string{"of cancel-002"})
		}
	})
	with("settings", "start-up parameters and SET", "application_name=libpq_app search_path=pg_catalog,public options='-c work_mem=7MB'", func(db *sql.DB) {
		db.SetMaxOpenConns(1)
		Must(put(db, []string{"settings-1"}))
		Value(db.Exec("SET timezone = 'Asia/Tokyo'"))
		var name, path, memory, zone string
		Must(db.QueryRow(`SELECT current_setting('application_name'), current_setting('search_path'), current_setting('work_mem'),
			current_setting('timezone') FROM kv WHERE key = $1`, "settings-1").Scan(&name, &path, &memory, &zone))
		Same([]string{name, path, memory, zone}, []string{"libpq_app", "pg_catalog,public", "7MB", "Asia/Tokyo"})
	})
	with("crowd", fmt.Sprintf("%d connections at once", Crowd()), "", func(db *sql.DB) {
		keys := Keys("crowd", Crowd())
		var all sync.WaitGroup
		errs := make(chan error, len(keys))
		for _, key := range keys {
			all.Add(1)
			go func() {
				defer all.Done()
				conn, err := db.Conn(background)
				if err == nil {
					defer conn.Close()
					err = put(conn, []string{key})
				}
				if err == nil {
					var value string
					time.Sleep(200 * time.Millisecond)
					err = conn.QueryRowContext(background, get, key).Scan(&value)
					if value != "of "+key {
						err = errors.New("another value: " + value)
					}
				}
				errs <- err
			}()
		}
		all.Wait()
		close(errs)
		for err := range errs {
			Must(err)
		}
	})
	if !CanRestart {
		Skip("reconnect", "the driver connects again after a restart", "the server is not restarted")
		return
	}
	with("reconnect", "the driver connects again after a restart of the proxy", "", func(db *sql.DB) {
		keys := Keys("restart", 10)
		Must(put(db, keys))
		Restart()
		Same(values(db, keys), OfAll(keys))
	})
}

func listens() {
	db := Value(sql.Open("postgres", "sslmode=prefer"))
	defer db.Close()
	if _, err := db.Exec("LISTEN news"); state(err) == "0A000" {
		Skip("listen", "notifications", err.Error())
		return
	}
	Check("listen", "notifications", func() error {
		listener := pq.NewListener("sslmode=prefer", time.Second, time.Minute, nil)
		defer listener.Close()
		Must(listener.Listen("news"))
		Value(db.Exec("NOTIFY news, 'hello'"))
		for {
			select {
			case heard := <-listener.Notify:
				if heard != nil {
					Same([]string{heard.Channel, heard.Extra}, []string{"news", "hello"})
					return nil
				}
			case <-time.After(20 * time.Second):
				return errors.New("nothing was heard")
			}
		}
	})
}

func main() {
	Driver("lib/pq", "github.com/lib/pq")
	statements()
	transactions()
	copies()
	sessions()
	listens()
	Finish()
}
