package longaudio

import (
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/blob"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/objectservers"
	"github.com/lectern/lectern/lro"
)

// nodes are two servers, each with a disk of its own, on one object store.
type nodes struct {
	server *objectservers.S3
	here   *Kind
	there  *Kind
}

func newNodes(t *testing.T, s *stand) *nodes {
	t.Helper()
	n := &nodes{server: objectservers.StartS3(t)}
	n.server.MakeBucket(t, "audio")
	n.server.MakeBucket(t, "pieces")
	node := func() *Kind {
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
		return New(Config{Synth: s.synth, Buckets: buckets, Log: slog.New(slog.DiscardHandler)}).Kind("long-audio.test", answers{})
	}
	n.here, n.there = node(), node()
	return n
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
	for encoding, name := range map[string]string{"LINEAR16": "two.wav", "MP3": "p"} {
		t.Run(encoding, func(t *testing.T) {
			var s *stand
			var work lro.Work
			var tasks []lro.Task
			var want []byte
			if encoding == "LINEAR16" {
				o := newTwoShards(t)
				s, work, tasks, want = o.stand, o.work, o.tasks, o.want
				work.Request = []byte(strings.Replace(string(work.Request), `{"object"`, `{"sidecars":["srt"],"object"`, 1))
			} else {
				o := newPieced(t, encoding)
				s, work, tasks, want = o.stand, o.work, o.tasks, o.want
			}
			n := newNodes(t, s)
			results := make([][]byte, len(tasks))
			for i, task := range tasks {
				node := n.here
				if i%2 == 1 {
					node = n.there
				}
				var err error
				results[i], err = node.Run(t.Context(), lro.Shard{Work: work, Index: i, Count: len(tasks), Payload: task.Payload, Epoch: 1, Beat: func() {}})
				if err != nil {
					t.Fatal(err)
				}
			}
			dies, err := n.there.Finish(t.Context(), lro.Finishing{Work: work, Results: results, Epoch: 2})
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
			again, err := n.here.Finish(t.Context(), lro.Finishing{Work: work, Results: results, Epoch: 3})
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
			for _, node := range []*Kind{n.here, n.there} {
				if err := node.Discard(t.Context(), lro.Work{ID: work.ID}); err != nil {
					t.Error(err)
				}
			}
			shown := n.objects(t, "audio")
			if got := shown["acme/books/"+name]; got != string(want) {
				t.Errorf("the object has %d bytes that are not the %d of a file encoded in one go", len(got), len(want))
			}
			if _, ok := shown["acme/books/two.srt"]; ok != (encoding == "LINEAR16") {
				t.Errorf("captions are there: %v", ok)
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
	o := newTwoShards(t)
	n := newNodes(t, o.stand)
	first := o.run(t, 0, 1)
	if err := os.RemoveAll(filepath.Join(n.server.Root, "audio")); err != nil {
		t.Fatal(err)
	}
	var results [][]byte
	for i := range o.tasks {
		r, err := n.here.Run(t.Context(), lro.Shard{Work: o.work, Index: i, Count: 2, Payload: o.tasks[i].Payload, Epoch: 1, Beat: func() {}})
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, r)
	}
	if string(results[0]) != string(first) {
		t.Error("where scratch is has changed a result")
	}
	_, err := n.here.Finish(t.Context(), lro.Finishing{Work: o.work, Results: results, Epoch: 2})
	if f := fault.From(err); f.Code != fault.FailedPrecondition || !strings.Contains(f.Message, "does not exist") {
		t.Errorf("Finish says %v", err)
	}
}
