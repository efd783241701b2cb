package blob_test

import (
	"context"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/blob"
	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/mp3"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/objectservers"
	"github.com/lectern/lectern/longaudio"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/synth"
)

// nodes are two servers, each with a disk of its own, on one object store.
type nodes struct {
	synth  *synth.Synth
	server *objectservers.S3
	here   *longaudio.Kind
	there  *longaudio.Kind
}

func newNodes(t *testing.T) *nodes {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	engines, err := engine.Open(t.Context(), engine.Config{Slots: 2, Log: log, Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{}), nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engines.Close() })
	n := &nodes{
		synth:  synth.New(synth.Config{Engines: engines, Formats: encode.NewCatalogue(wav.Linear16(), mp3.MP3()), Log: log}),
		server: objectservers.StartS3(t),
	}
	n.server.MakeBucket(t, "audio")
	n.server.MakeBucket(t, "pieces")
	node := func() *longaudio.Kind {
		objects, err := blob.Open(t.Context(), n.server.URL("audio", "acme"))
		if err != nil {
			t.Fatal(err)
		}
		scratch, err := blob.OpenScratch(t.Context(), n.server.URL("pieces", ""), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		buckets := bucket.New(bucket.Config{All: objects, Scratch: scratch})
		t.Cleanup(func() { buckets.Close() })
		return longaudio.New(longaudio.Config{Synth: n.synth, Buckets: buckets, Log: log}).Kind("long-audio.test", answers{})
	}
	n.here, n.there = node(), node()
	return n
}

// answers are the messages of operations that nobody reads.
type answers struct{}

func (answers) Progress(lro.Status) proto.Message { return &emptypb.Empty{} }
func (answers) Done() proto.Message               { return &emptypb.Empty{} }

// order is an operation whose shards are the texts, one each, and what its object is
// to hold: the file that is encoded of all of them in one go.
func (n *nodes) order(t *testing.T, encoding, name string, texts ...string) (work lro.Work, tasks []lro.Task, want []byte) {
	t.Helper()
	plan := func(text string) *synth.Plan {
		p, err := n.synth.Plan(t.Context(), synth.Request{Text: text, Voice: voices.Wish{Language: "en-US"}, Encoding: encoding})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	spec := longaudio.Spec{Object: bucket.Object{Bucket: "books", Name: name}, Captions: []captions.Format{captions.SubRip}}
	for _, text := range texts {
		part, err := n.here.Order("long-audio.test", plan(text), spec)
		if err != nil || len(part.Tasks) != 1 {
			t.Fatalf("%d tasks, %v", len(part.Tasks), err)
		}
		tasks = append(tasks, part.Tasks...)
		work = lro.Work{ID: strings.ReplaceAll(name, ".", "-"), Request: part.Request}
	}
	want, _, err := n.synth.File(t.Context(), engine.Batch, plan(strings.Join(texts, " ")), 100<<20)
	if err != nil {
		t.Fatal(err)
	}
	return work, tasks, want
}

// run speaks each shard on one of two nodes, by turns.
func (n *nodes) run(t *testing.T, work lro.Work, tasks []lro.Task) [][]byte {
	t.Helper()
	results := make([][]byte, len(tasks))
	for i, task := range tasks {
		var err error
		results[i], err = []*longaudio.Kind{n.here, n.there}[i%2].Run(t.Context(), lro.Shard{Work: work, Index: i, Count: len(tasks), Payload: task.Payload, Epoch: 1, Beat: func() {}, Progress: func(float64) {}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return results
}

// objects are the contents of what can be seen in a bucket, by name.
func (n *nodes) objects(t *testing.T, name string) map[string]string {
	t.Helper()
	root := filepath.Join(n.server.Root, name)
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if e.Name() == ".sgwtmp" { // where the server keeps what no client sees
				return fs.SkipDir
			}
			return nil
		}
		b, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, root+"/")] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// An operation's shards are spoken by two nodes, a third life finishes it, and
// its commit is made good by whoever is left.
func TestNodesShareAnOperation(t *testing.T) {
	for encoding, texts := range map[string][]string{
		"LINEAR16": {"Abc.", "Defg."},
		"MP3":      {strings.Repeat("Abc de. ", 350), strings.Repeat("Fghi jklm. ", 300), strings.Repeat("No. Pq rst! ", 280)},
	} {
		t.Run(encoding, func(t *testing.T) {
			if !mp3.MP3().CanCarry(24000) {
				t.Skip("SKIPPED: this build has no codecs")
			}
			n := newNodes(t)
			work, tasks, want := n.order(t, encoding, "a.sound", texts...)
			results := n.run(t, work, tasks)
			dies, err := n.there.Finish(t.Context(), lro.Finishing{Work: work, Results: results, Epoch: 2, Progress: func(float64) {}})
			if err != nil {
				t.Fatal(err)
			}
			for key := range n.objects(t, "audio") {
				if !strings.HasPrefix(key, "acme/.lectern/") {
					t.Errorf("%s is seen before the commit", key)
				}
			}
			if _, done, err := n.here.Committed(t.Context(), work, dies.Receipt()); done || err != nil {
				t.Errorf("committed, says the other node: %v, %v", done, err)
			}
			again, err := n.here.Finish(t.Context(), lro.Finishing{Work: work, Results: results, Epoch: 3, Progress: func(float64) {}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := dies.Commit(t.Context()); err == nil {
				t.Error("a commit was taken that another node has given up")
			}
			if _, err := again.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, done, err := n.there.Committed(t.Context(), work, again.Receipt()); !done || err != nil {
				t.Errorf("committed, says the other node: %v, %v", done, err)
			}
			for _, node := range []*longaudio.Kind{n.here, n.there} {
				if err := node.Discard(t.Context(), lro.Work{ID: work.ID}); err != nil {
					t.Error(err)
				}
			}
			shown := n.objects(t, "audio")
			if got := shown["acme/books/a.sound"]; got != string(want) {
				t.Errorf("the object has %d bytes that are not the %d of a file encoded in one go", len(got), len(want))
			}
			if _, ok := shown["acme/books/a.srt"]; !ok {
				t.Errorf("there are no captions beside it, but %q", slices.Sorted(maps.Keys(shown)))
			}
			for _, name := range []string{"audio", "pieces"} {
				for key := range n.objects(t, name) {
					if strings.Contains(key, ".lectern") {
						t.Errorf("left over: %s/%s", name, key)
					}
				}
			}
		})
	}
}

// A bucket that does not exist ends an operation at once, with a sentence.
func TestAnOperationWithoutABucket(t *testing.T) {
	n := newNodes(t)
	work, tasks, _ := n.order(t, "LINEAR16", "a.wav", "Abc.", "Defg.")
	if err := os.RemoveAll(filepath.Join(n.server.Root, "audio")); err != nil {
		t.Fatal(err)
	}
	_, err := n.here.Finish(t.Context(), lro.Finishing{Work: work, Results: n.run(t, work, tasks), Epoch: 2, Progress: func(float64) {}})
	if f := fault.From(err); f.Code != fault.FailedPrecondition || !strings.Contains(f.Message, "does not exist") {
		t.Errorf("Finish says %v", err)
	}
}
