package lro_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/sqlite"
)

// shout is a kind of operation that turns words into capitals, one by one.
type shout struct{}

func (shout) Name() string { return "shout" }

func (shout) Run(_ context.Context, s lro.Shard) ([]byte, error) {
	return []byte(strings.ToUpper(string(s.Payload))), nil
}

func (shout) Finish(_ context.Context, f lro.Finishing) (lro.Commit, error) {
	var words []string
	for _, r := range f.Results {
		words = append(words, string(r))
	}
	return shouted(strings.Join(words, " ")), nil
}

// The outcome of shout is its response alone; nothing else becomes visible, so
// there is nothing to have committed and nothing to discard.
func (shout) Committed(context.Context, lro.Work, []byte) (proto.Message, bool, error) {
	return nil, false, nil
}
func (shout) Discard(context.Context, lro.Work) error { return nil }

func (shout) Metadata(s lro.Status) proto.Message {
	return wrapperspb.String(fmt.Sprintf("%d of %d", s.WorkDone, s.WorkTotal))
}

type shouted string

func (w shouted) Receipt() []byte { return []byte(w) }

func (w shouted) Commit(context.Context) (proto.Message, error) {
	return wrapperspb.String(string(w)), nil
}
func (shouted) Discard(context.Context) error { return nil }

func Example() {
	dir, err := os.MkdirTemp("", "lro")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx, stop := context.WithCancel(context.Background())
	store, err := sqlite.Open(ctx, dir, nil)
	if err != nil {
		log.Fatal(err)
	}
	operations, err := lro.Open(ctx, lro.Config{Store: store, Kinds: []lro.Kind{shout{}}})
	if err != nil {
		log.Fatal(err)
	}
	stopped := make(chan error)
	go func() { stopped <- operations.Run(ctx) }()

	op, err := operations.Start(ctx, lro.NewOperation{
		Kind:   "shout",
		Parent: "projects/p/locations/l",
		Tasks: []lro.Task{
			{Payload: []byte("hear"), Weight: 1},
			{Payload: []byte("me"), Weight: 1},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	op, err = operations.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: op.GetName()})
	if err != nil {
		log.Fatal(err)
	}
	var progress, words wrapperspb.StringValue
	if err := op.GetMetadata().UnmarshalTo(&progress); err != nil {
		log.Fatal(err)
	}
	if err := op.GetResponse().UnmarshalTo(&words); err != nil {
		log.Fatal(err)
	}
	fmt.Println(progress.GetValue(), words.GetValue())

	stop()
	if err := <-stopped; err != nil {
		log.Fatal(err)
	}
	if err := store.Close(); err != nil {
		log.Fatal(err)
	}
	// Output: 2 of 2 HEAR ME
}
