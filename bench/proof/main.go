// Command proof measures what Lectern promises and prints a table in which
// each figure stands beside its bar and beside a reference that was measured
// in the same run on the same machine.
//
//	go run ./bench/proof [-run regexp] [-quick] [-before DIR] [-write docs/benchmarks.md]
//
// `make bench BENCH="-run neural"` measures only what has that in its name: see
// measurements.
//
// It drives the real binaries as a black box: real sockets on loopback, real
// SIGKILL, real engines. Run `make build` first, or just `make bench`. It needs
// Linux (CPU times and memory come from /proc), the programs espeak-ng, ffprobe and go,
// and about 10 GB of free disk for the long texts; for neural voices, those in
// .voices and the Python packages in .venv, beside which they are measured
// (`scripts/install bench`). What is missing there is skipped, out loud. The exit code is 1 when a
// bar is missed and 2 when a measurement could not be made at all.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"
)

// measurements are all there is, in the order of the table.
var measurements = []measurement{
	{"races", races},
	{"kills", kills},
	{"cancel", cancels},
	{"cancel-sources", cancelSources},
	{"restart", restarts},
	{"copies", copies},
	{"long", longTexts},
	{"behind", behind},
	{"hanging-clips", behindClips},
	{"pauses", pauses},
	{"promised", promised},
	{"throughput", throughput},
	{"create", creates},
	{"get", gets},
	{"answers", answers},
	{"door", door},
	{"start", starts},
	{"lecterntest", testServers},
	{"resampler", resampler},
	{"words", words},
	{"prosody", prosody},
	{"settings", settings},
	{"encoders", encoders},
	{"encoded", longEncoded},
	{"stream-first", streamFirst},
	{"stream-many", streamMany},
	{"stream-cancel", streamCancels},
	{"stream-protocols", streamProtocols},
	{"stream-beside", streamBeside},
	{"stream-memory", streamMemory},
	{"stream-leave", streamLeaves},
	{"stream-cuttings", streamCuttings},
	{"crowd", crowds},
	{"nodes-cancel", nodesCancel},
	{"nodes-death", nodesDeath},
	{"nodes-throughput", nodesThroughput},
	{"nodes-s3", longestToStore},
	{"store-rates", storeRates},
	{"store-sizes", storeSizes},
	{"store-retention", storeRetention},
	{"store-fair", storeFair},
	{"overload", overload},
	{"neural-speed", neuralSpeed},
	{"neural-first", neuralFirst},
	{"neural-memory", neuralMemory},
	{"neural-served", neuralServed},
	{"neural-cold", neuralCold},
	{"neural-cancel", neuralCancels},
	{"neural-long", neuralLong},
	{"neural-install", neuralInstall},
	{"neural-quality", neuralQuality},
}

const (
	exitMissed = 1
	exitFailed = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("proof", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var (
		only   = flags.String("run", "", "measure only what matches this `regexp`")
		quick  = flags.Bool("quick", false, "smaller counts and texts, for CI: the verdicts are rough")
		write  = flags.String("write", "", "write what is measured into the page of this `file`")
		bin    = flags.String("bin", "bin", "`directory` of lectern and its workers")
		voices = flags.String("voices", ".voices", "`directory` of the neural voices")
		python = flags.String("python", ".venv/bin/python", "`program` that runs what neural voices are measured beside")
		page   = flags.String("page", "", "measure the voices instead, for the table of this `file`, docs/voices.md")
		mos    = flags.String("mos", "", "`network` of the predicted listener, for -page")
		before = flags.String("before", "", "`directory` of an earlier build, beside which \"answers\" is measured")
		seed   = flags.Uint64("seed", 1, "of everything random")
	)
	if err := flags.Parse(args); err != nil {
		return exitFailed
	}
	pattern, err := regexp.Compile(*only)
	if err != nil {
		fmt.Fprintf(stderr, "proof: -run: %v\n", err)
		return exitFailed
	}
	lab, err := newLab(*bin, *quick, *seed, stderr)
	if err == nil {
		lab.voices, lab.python = absolute(*voices), absolute(*python)
	}
	if err != nil {
		fmt.Fprintf(stderr, "proof: %v\n", err)
		return exitFailed
	}
	defer lab.close()
	if *before != "" {
		if lab.before, err = newLab(*before, *quick, *seed, stderr); err != nil {
			fmt.Fprintf(stderr, "proof: -before: %v\n", err)
			return exitFailed
		}
		defer lab.before.close()
	}

	if *page != "" {
		if err := writeVoices(ctx, lab, *page, *mos); err != nil {
			fmt.Fprintf(stderr, "proof: %v\n", err)
			return exitFailed
		}
		return 0
	}
	taken := func(string, float64, table) error { return nil }
	if *write != "" {
		r, err := openReport(*write)
		if err != nil {
			fmt.Fprintf(stderr, "proof: -write: %v\n", err)
			return exitFailed
		}
		here := machine(ctx, lab)
		taken = func(name string, others float64, rows table) error {
			return r.put(name, fmt.Sprintf("%s; other programs used %.0f %% of the cores just before.", here, 100*others), rows)
		}
	}
	table, err := measure(ctx, lab, pattern, taken)
	fmt.Fprintln(stdout, table.markdown())
	if err != nil {
		fmt.Fprintf(stderr, "proof: %v\n", err)
		return exitFailed
	}
	return table.exitCode()
}

// measure takes the measurements whose names match, one after the other, and hands each
// on as soon as it is taken, with the share of the cores that other programs used before.
// One that cannot be made becomes a row that says why.
func measure(ctx context.Context, l *lab, pattern *regexp.Regexp, taken func(name string, others float64, rows table) error) (table, error) {
	var t table
	for _, m := range measurements {
		if !pattern.MatchString(m.name) {
			continue
		}
		others := otherLoad(ctx)
		l.logf("== %s (other programs use %.0f %% of the cores)", m.name, 100*others)
		rows, err := m.take(ctx, l)
		if err != nil {
			l.logf("%s could not be measured: %v", m.name, err)
			rows = append(rows, row{name: m.name, measured: "could not be measured: " + firstLine(err.Error()), verdict: failed})
		}
		for _, r := range rows {
			l.logf("-> %s: %s [%s]", r.name, r.measured, r.verdict)
		}
		t = append(t, rows...)
		if ctx.Err() != nil {
			break
		}
		if err := taken(m.name, others, rows); err != nil {
			return t, err
		}
	}
	return t, nil
}
