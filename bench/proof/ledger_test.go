package main

import (
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/anypb"
)

func state(t *testing.T, progress float64, end string) *longrunningpb.Operation {
	t.Helper()
	meta, err := anypb.New(&ttspb.SynthesizeLongAudioMetadata{ProgressPercentage: progress})
	if err != nil {
		t.Fatal(err)
	}
	op := &longrunningpb.Operation{Name: "operations/a", Metadata: meta, Done: end != ""}
	switch end {
	case "succeeded":
		op.Result = &longrunningpb.Operation_Response{Response: meta}
	case "cancelled":
		op.Result = &longrunningpb.Operation_Error{Error: &status.Status{Code: int32(codes.Canceled)}}
	}
	return op
}

func TestLedgerSeesBrokenPromises(t *testing.T) {
	for name, states := range map[string][]*longrunningpb.Operation{
		"undone":         {state(t, 100, "succeeded"), state(t, 100, "")},
		"another end":    {state(t, 50, "cancelled"), state(t, 100, "succeeded")},
		"backward":       {state(t, 50, ""), state(t, 49, "")},
		"another name":   {{Name: "operations/b", Metadata: state(t, 0, "").Metadata}},
		"done for what?": {{Name: "operations/a", Metadata: state(t, 0, "").Metadata, Done: true}},
		"no metadata":    {{Name: "operations/a"}},
	} {
		l, e := newLedger(), &entry{name: "operations/a"}
		l.accept(e)
		for _, op := range states {
			l.saw(e, l.before(e), op)
		}
		if len(l.breaches) == 0 {
			t.Errorf("%s: nothing was noticed", name)
		}
	}
}

func TestLedgerAcceptsAnHonestServer(t *testing.T) {
	l, e := newLedger(), &entry{name: "operations/a"}
	l.accept(e)
	early := l.before(e)
	for _, op := range []*longrunningpb.Operation{state(t, 0, ""), state(t, 50, ""), state(t, 50, "cancelled"), state(t, 50, "cancelled")} {
		l.saw(e, l.before(e), op)
	}
	l.saw(e, early, state(t, 10, "")) // asked before the rest, answered after it
	if len(l.breaches) > 0 {
		t.Errorf("it complains: %q", l.breaches)
	}
	if len(l.open()) != 0 || !wasCancelled(e.outcome) {
		t.Errorf("its outcome is %v", e.outcome)
	}
}

func TestLedgerSeesOneOperationGivenTwice(t *testing.T) {
	l := newLedger()
	l.accept(&entry{name: "operations/a", uri: "gs://b/1"})
	l.accept(&entry{name: "operations/a", uri: "gs://b/2"})
	if len(l.breaches) != 1 {
		t.Errorf("breaches: %q", l.breaches)
	}
}
