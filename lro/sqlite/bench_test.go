package sqlite_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/sqlite"
)

const parent = "projects/p/locations/l"

// bench is a manager on a fresh store.
func bench(b *testing.B) (m *lro.Manager, toy *lrotest.Toy) {
	b.Helper()
	store, err := sqlite.Open(b.Context(), b.TempDir(), silent())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	toy = lrotest.NewToy()
	m, err = lro.Open(b.Context(), lro.Config{Store: store, Kinds: []lro.Kind{toy}, Log: silent()})
	if err != nil {
		b.Fatal(err)
	}
	return m, toy
}

// run works on the operations of m until the benchmark ends.
func run(b *testing.B, m *lro.Manager) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- m.Run(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
}

// start starts an operation with shards that each carry a payload of size bytes.
func start(b *testing.B, m *lro.Manager, shards, size int) string {
	b.Helper()
	o := lro.NewOperation{Kind: lrotest.ToyKind, Parent: parent}
	payload := append([]byte("say "), bytes.Repeat([]byte("a"), size)...)
	for range shards {
		o.Tasks = append(o.Tasks, lro.Task{Payload: payload, Weight: int64(size) + 1})
	}
	op, err := m.Start(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	return op.GetName()
}

func BenchmarkCreate(b *testing.B) {
	m, _ := bench(b)
	for b.Loop() {
		start(b, m, 1, 10)
	}
}

func BenchmarkCreateParallel(b *testing.B) {
	m, _ := bench(b)
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			start(b, m, 1, 10)
		}
	})
}

// BenchmarkCreateMegabyte creates operations of 100 shards of 10 kB.
func BenchmarkCreateMegabyte(b *testing.B) {
	m, _ := bench(b)
	for b.Loop() {
		start(b, m, 100, 10_000)
	}
}

func BenchmarkGet(b *testing.B) {
	m, _ := bench(b)
	var names []string
	for range 1000 {
		names = append(names, start(b, m, 1, 10))
	}
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if _, err := m.GetOperation(context.Background(), &longrunningpb.GetOperationRequest{Name: names[i%len(names)]}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkList50(b *testing.B) {
	m, _ := bench(b)
	for range 1000 {
		start(b, m, 1, 10)
	}
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			page, err := m.ListOperations(context.Background(), &longrunningpb.ListOperationsRequest{Name: parent})
			if err != nil || len(page.GetOperations()) != 50 {
				b.Fatal(page, err)
			}
		}
	})
}

// BenchmarkCancel cancels queued operations; nothing else uses the cores.
func BenchmarkCancel(b *testing.B) {
	m, _ := bench(b)
	for b.Loop() {
		b.StopTimer()
		name := start(b, m, 1, 10)
		b.StartTimer()
		if _, err := m.CancelOperation(b.Context(), &longrunningpb.CancelOperationRequest{Name: name}); err != nil {
			b.Fatal(err)
		}
	}
}

// burn is a program that uses one core until it is killed, with the low
// priority of an engine's worker.
func burn() {
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, 10)
	for sum := [sha256.Size]byte{}; ; {
		sum = sha256.Sum256(sum[:])
	}
}

// saturate keeps all cores busy until the benchmark ends.
func saturate(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	for range runtime.NumCPU() {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), burnCore+"=1")
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		})
	}
}

// BenchmarkCancelBusy cancels a running operation while all cores work. Besides
// the call it reports when the shard under way was told.
func BenchmarkCancelBusy(b *testing.B) {
	m, toy := bench(b)
	run(b, m)
	saturate(b)
	var took, told []time.Duration
	for b.Loop() {
		o := lro.NewOperation{Kind: lrotest.ToyKind, Parent: parent, Tasks: []lro.Task{{Payload: []byte("hold a"), Weight: 1}}}
		op, err := m.Start(b.Context(), o)
		if err != nil {
			b.Fatal(err)
		}
		step := toy.Next(b)
		began := time.Now()
		if _, err := m.CancelOperation(b.Context(), &longrunningpb.CancelOperationRequest{Name: op.GetName()}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
		<-step.Ctx.Done()
		told = append(told, time.Since(began))
	}
	slices.Sort(told)
	b.ReportMetric(float64(told[len(told)*99/100].Microseconds())/1000, "told-p99-ms")
	reportQuantiles(b, took)
}

func reportQuantiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// gaps is a toy that notes when a shard ended and the next began.
type gaps struct {
	*lrotest.Toy
	began, ended chan time.Time
}

func (k gaps) Run(context.Context, lro.Shard) ([]byte, error) {
	k.began <- time.Now()
	// A shard's work, long enough for the next one to be fetched meanwhile.
	timer := time.NewTimer(20 * time.Millisecond)
	defer timer.Stop()
	<-timer.C
	k.ended <- time.Now()
	return nil, nil
}

// BenchmarkGap measures from the end of one shard to the begin of the next, on
// one slot, and from Start to the begin of the first.
func BenchmarkGap(b *testing.B) {
	store, err := sqlite.Open(b.Context(), b.TempDir(), silent())
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	toy := gaps{lrotest.NewToy(), make(chan time.Time, 1000), make(chan time.Time, 1000)}
	m, err := lro.Open(b.Context(), lro.Config{Store: store, Kinds: []lro.Kind{toy}, Slots: 1, Log: silent()})
	if err != nil {
		b.Fatal(err)
	}
	run(b, m)
	// One before the others: Run has to begin first.
	warm := start(b, m, 1, 10)
	if _, err := m.WaitOperation(b.Context(), &longrunningpb.WaitOperationRequest{Name: warm}); err != nil {
		b.Fatal(err)
	}
	<-toy.began
	<-toy.ended
	var first, between []time.Duration
	for b.Loop() {
		called := time.Now()
		name := start(b, m, 20, 10)
		first = append(first, (<-toy.began).Sub(called))
		for range 19 {
			ended := <-toy.ended
			between = append(between, (<-toy.began).Sub(ended))
		}
		<-toy.ended
		if _, err := m.WaitOperation(b.Context(), &longrunningpb.WaitOperationRequest{Name: name}); err != nil {
			b.Fatal(err)
		}
	}
	slices.Sort(first)
	b.ReportMetric(float64(first[len(first)/2].Microseconds())/1000, "start-ms")
	reportQuantiles(b, between)
}

// BenchmarkRescue measures from opening a store that a server left with a
// claimed shard, among many waiting operations, to that shard's next claim.
func BenchmarkRescue(b *testing.B) {
	dir := b.TempDir()
	// once opens the store, claims a task, and dies.
	once := func() {
		store, err := sqlite.Open(b.Context(), dir, silent())
		if err != nil {
			b.Fatal(err)
		}
		node, err := store.Join(b.Context(), driver.Node{Work: func() {}})
		if err != nil {
			b.Fatal(err)
		}
		offers, err := node.Offers(b.Context(), driver.Want{Large: 2})
		if err != nil || len(offers.Tasks) == 0 {
			b.Fatal(offers, err)
		}
		if _, won, err := node.Claim(b.Context(), offers.Tasks[0]); !won {
			b.Fatal("the task was not claimed", err)
		}
		b.StopTimer()
		_ = store.Close()
		b.StartTimer()
	}
	store, err := sqlite.Open(b.Context(), dir, silent())
	if err != nil {
		b.Fatal(err)
	}
	for i := range 1000 {
		_, _, err := store.Create(b.Context(), driver.Creation{
			ID: fmt.Sprint(i), Kind: lrotest.ToyKind, Parent: parent, Window: 8,
			Tasks: slices.Repeat([]driver.NewTask{{Payload: []byte("say a"), Weight: 1}}, 20),
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	once()
	for b.Loop() {
		once()
	}
}

func BenchmarkStore(b *testing.B) {
	lrotest.Benchmark(b, func(b *testing.B) lrotest.Filling {
		dir := b.TempDir()
		return lrotest.Filling{
			Open:      func() (driver.Store, error) { return sqlite.Open(b.Context(), dir, silent()) },
			OpenHasty: func() (driver.Store, error) { return sqlite.OpenHasty(b.Context(), dir, time.Now, silent()) },
		}
	})
}
