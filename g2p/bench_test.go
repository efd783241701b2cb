package g2p

import (
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkOpen also says how much an English holds.
func BenchmarkOpen(b *testing.B) {
	files := assets(b)
	for _, language := range []string{"en-US", "en-GB"} {
		b.Run(language, func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var e *English
			for b.Loop() {
				var err error
				if e, err = Open(files, language, silent); err != nil {
					b.Fatal(err)
				}
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			runtime.KeepAlive(e)
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB-held")
		})
	}
}

// silent is a network that never says anything.
func silent([]int64) ([]int64, error) { return nil, nil }

func BenchmarkWords(b *testing.B) {
	const text = "The quick brown fox had used to read live records, but Lectern's 3 dogs didn't mind."
	e, err := Open(assets(b), "en-US", silent)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Words(text, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHostile reads texts in which one thing is repeated; their bytes per
// second must not fall with their length.
func BenchmarkHostile(b *testing.B) {
	e, err := Open(assets(b), "en-US", silent)
	if err != nil {
		b.Fatal(err)
	}
	for _, times := range []int{100, 1000, 10_000} {
		b.Run(strconv.Itoa(times), func(b *testing.B) {
			texts := hostile(times)
			b.SetBytes(int64(len(strings.Join(texts, ""))))
			for b.Loop() {
				for _, text := range texts {
					if _, err := e.Words(text, nil); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
