// Package checks is what the programs beside it share: the lines that they print, and the rows that they write.
package checks

import (
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"runtime/debug"
	"strings"
	"time"
)

const secondsMax = 60

var failed = false

// Tables that the programs write to.
var Tables = []string{"kv", "typed", "devices", "countries", "notes"}

// CanRestart tells whether the proxy can be started again; plain PostgreSQL is not.
var CanRestart = os.Getenv("PGRING_RESTART") != ""

// Crowd is how many clients to run at once: PostgreSQL alone takes no more than 100.
func Crowd() int {
	if CanRestart {
		return 200
	}
	return 40
}

// Driver prints the name and the version of the module that is checked.
func Driver(name, module string) {
	version := "?"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				version = strings.TrimPrefix(dependency.Version, "v")
			}
		}
	}
	fmt.Printf("driver %s %s\n", name, version)
}

// Check runs one check and prints how it went. What hangs has failed.
func Check(feature, name string, run func() error) {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if reason := recover(); reason != nil {
				done <- fmt.Errorf("%v", reason)
			}
		}()
		done <- run()
	}()
	var err error
	select {
	case err = <-done:
	case <-time.After(secondsMax * time.Second):
		err = fmt.Errorf("no end after %d s", secondsMax)
	}
	if err == nil {
		fmt.Printf("ok %s: %s\n", feature, name)
		return
	}
	text := strings.ReplaceAll(err.Error(), "\n", " ")
	// What the proxy refuses in so many words is no failure, but shown.
	if CanRestart && strings.Contains(text, "0A000") {
		fmt.Printf("refused %s: %s: %s\n", feature, name, text)
		return
	}
	failed = true
	fmt.Printf("FAIL %s: %s: %s\n", feature, name, text)
}

// Skip tells why a check is not run.
func Skip(feature, name, reason string) {
	fmt.Printf("skip %s: %s: %s\n", feature, name, reason)
}

// Finish ends the program.
func Finish() {
	if failed {
		os.Exit(1)
	}
}

// Must ends a check at an error.
func Must(err error) {
	if err != nil {
		panic(err)
	}
}

// Value is Must for what comes with a value.
func Value[T any](value T, err error) T {
	Must(err)
	return value
}

// Same ends a check unless both are equal.
func Same(actual, expected any) {
	if !reflect.DeepEqual(actual, expected) {
		panic(fmt.Sprintf("%#v is not %#v", actual, expected))
	}
}

// Keys lie on several shards, whatever the ring.
func Keys(prefix string, count int) []string {
	keys := make([]string, count)
	for i := range keys {
		keys[i] = fmt.Sprintf("%s-%03d", prefix, i)
	}
	return keys
}

// OfAll is the value of each key.
func OfAll(keys []string) []string {
	values := make([]string, len(keys))
	for i, key := range keys {
		values[i] = "of " + key
	}
	return values
}

// Restart stops the proxy and starts it again.
func Restart() {
	Must(exec.Command("sh", "-c", os.Getenv("PGRING_RESTART")).Run())
}
