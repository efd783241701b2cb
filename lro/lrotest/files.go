package lrotest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

// fileKind is a kind whose shards write scratch files into a directory, and whose
// outcome is a file there that appears by being renamed: as a real kind would do it.
type fileKind string

func (k fileKind) scratch(s lro.Shard) string {
	return filepath.Join(string(k), fmt.Sprintf("scratch-%s-%d-%d", s.ID, s.Index, s.Epoch))
}
func (k fileKind) output(id string) string { return filepath.Join(string(k), "output-"+id) }

// wholeOutput is the outcome of an operation with so many shards.
func wholeOutput(shards int) string {
	var b strings.Builder
	for i := range shards {
		fmt.Fprintf(&b, "shard %d\n", i)
	}
	return b.String()
}

// outcomes is the folder of the outcomes' names.
const outcomes = "outcomes"

// Names implements lro.Namer.
func (fileKind) Names(w lro.Work) ([]lro.Name, error) {
	return []lro.Name{{Path: outcomes + "/" + w.ID, Use: "outcome"}}, nil
}

// Taken implements lro.Namer.
func (fileKind) Taken(n lro.Name) error {
	return fault.New(fault.FailedPrecondition, "The name %q is taken.", n.Path)
}

// Name implements lro.Kind.
func (fileKind) Name() string { return "files" }

// Run implements lro.Kind.
func (k fileKind) Run(ctx context.Context, s lro.Shard) ([]byte, error) {
	timer := time.NewTimer(time.Duration(rand.IntN(5)) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	name := k.scratch(s)
	return []byte(name), os.WriteFile(name, fmt.Appendf(nil, "shard %s\n", s.Payload), 0o600)
}

// Finish implements lro.Kind.
func (k fileKind) Finish(_ context.Context, f lro.Finishing) (lro.Commit, error) {
	if want, _ := strconv.Atoi(string(f.Request)); want != len(f.Results) {
		return nil, lro.Permanent(fmt.Errorf("%d results for %d shards", len(f.Results), want))
	}
	part := filepath.Join(string(k), fmt.Sprintf("scratch-%s-part-%d", f.ID, f.Epoch))
	out, err := os.Create(part)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	for _, r := range f.Results {
		content, err := os.ReadFile(string(r))
		if err != nil {
			return nil, err
		}
		if _, err := out.Write(content); err != nil {
			return nil, err
		}
	}
	return fileCommit{part: part, output: k.output(f.ID)}, nil
}

// Committed implements lro.Kind. Each operation has a name of its own and its bytes are the same whoever wrote
// them, so that whatever stands there is its outcome.
func (k fileKind) Committed(_ context.Context, w lro.Work, _ []byte) (proto.Message, bool, error) {
	_, err := os.Stat(k.output(w.ID))
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, nil
	}
	return &emptypb.Empty{}, err == nil, err
}

// Discard implements lro.Kind.
func (k fileKind) Discard(_ context.Context, w lro.Work) error {
	left, err := filepath.Glob(filepath.Join(string(k), "scratch-"+w.ID+"-*"))
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// Metadata implements lro.Kind.
func (fileKind) Metadata(lro.Status) proto.Message { return &emptypb.Empty{} }

type fileCommit struct{ part, output string }

func (c fileCommit) Receipt() []byte { return []byte(c.output) }

func (c fileCommit) Commit(context.Context) (proto.Message, error) {
	return &emptypb.Empty{}, os.Rename(c.part, c.output)
}

func (c fileCommit) Discard(context.Context) error { return os.Remove(c.part) }
