package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Each defect of a server is found by the checks that are for it, and by no
// others; a server without one passes them all.
func TestDefects(t *testing.T) {
	for defect, want := range map[string][]string{
		"":                        nil,
		"names repeat":            {"get/names-differ"},
		"unknown is OK":           {"get/unknown"},
		"empty is not found":      {"get/empty"},
		"running has a response":  {"get/running"},
		"no metadata":             {"get/metadata"},
		"response of other type":  {"get/succeeded"},
		"failed with OK":          {"get/failed"},
		"done goes back":          {"cancel/done", "get/stays", "race/end"},
		"wait never returns":      {"wait/timeout"},
		"wait waits when done":    {"wait/done"},
		"wait lies":               {"wait/timeout"},
		"wait knows all":          {"wait/unknown"},
		"wait misses cancels":     {"wait/cancelled"},
		"cancel does nothing":     {"cancel/running", "cancel/twice", "race/cancels", "wait/cancelled"},
		"cancel deletes":          {"cancel/at-once", "cancel/running", "cancel/twice", "race/cancels", "race/end", "wait/cancelled"},
		"cancel ends in ABORTED":  {"cancel/at-once", "cancel/running", "wait/cancelled"},
		"cancel undoes the end":   {"cancel/done"},
		"cancel knows all":        {"cancel/unknown"},
		"delete does nothing":     {"delete/done", "delete/twice"},
		"delete knows all":        {"delete/twice", "delete/unknown"},
		"list shows the deleted":  {"delete/done"},
		"list is short":           {"list/all", "list/filter-done", "list/walk", "list/while-starting"},
		"page_size is ignored":    {"list/other-list", "list/page-size"},
		"pages overlap":           {"list/walk", "list/while-starting"},
		"pages by number":         {"list/while-starting"},
		"the list has no end":     {"delete/done", "list/all", "list/filter-done", "list/walk", "list/while-starting"},
		"large pages are refused": {"list/most"},
		"negative pages are all":  {"list/negative"},
		"any token is the first":  {"list/token"},
		"tokens fit every list":   {"list/other-list"},
		"any filter is all":       {"list/filter-done", "list/filter-syntax"},
		"nothing expires":         {"expiry/gone"},
		"expires at once":         {"expiry/kept"},
	} {
		t.Run(defect, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var found []string
				for _, f := range findingsOf(t, defect) {
					if f.outcome == fails {
						found = append(found, f.name)
						t.Log(f.line())
					}
					if f.outcome == unsaid && defect == "" {
						t.Errorf("nothing is said of %s: %s", f.name, f.why)
					}
				}
				slices.Sort(found)
				if !slices.Equal(found, want) {
					t.Errorf("found by %q, not by %q", found, want)
				}
			})
		})
	}
}

func findingsOf(t *testing.T, defect string) (found []finding) {
	listener := bufconn.Listen(1 << 20)
	g := grpc.NewServer()
	s := &defective{defect: defect, operations: map[string]*operation{}, ended: map[string]chan struct{}{}, at: map[string]time.Time{}}
	texttospeechpb.RegisterTextToSpeechLongAudioSynthesizeServer(g, s)
	longrunningpb.RegisterOperationsServer(g, s)
	reflection.Register(g)
	go g.Serve(listener)
	defer g.Stop()
	conn, err := grpc.NewClient("passthrough:///defective", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	r := presets["texttospeech"]
	r.Long, r.Failing = speechOf("long"), speechOf("failing")
	target, err := newTarget(t.Context(), conn, r, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer target.close()
	target.keeps = keeps
	for _, c := range checks() {
		found = append(found, target.examine(t.Context(), c))
	}
	return found
}

const keeps = 30 * time.Second

// defective is a server of operations with one defect, or none.
type defective struct {
	texttospeechpb.UnimplementedTextToSpeechLongAudioSynthesizeServer
	longrunningpb.UnimplementedOperationsServer
	defect string

	mu         sync.Mutex
	order      []string // the oldest first
	operations map[string]*operation
	ended      map[string]chan struct{}
	at         map[string]time.Time // of the end
	looks      int
}

func (s *defective) has(defect string) bool { return s.defect == defect }

func (s *defective) SynthesizeLongAudio(_ context.Context, r *texttospeechpb.SynthesizeLongAudioRequest) (*operation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := fmt.Sprintf("%s/operations/%d", r.GetParent(), 1+len(s.order))
	if s.has("names repeat") && strings.Contains(r.GetOutputGcsUri(), "again") && len(s.order) > 0 {
		name = s.order[len(s.order)-1]
	}
	op := &operation{Name: name}
	if !s.has("no metadata") {
		op.Metadata, _ = anypb.New(&texttospeechpb.SynthesizeLongAudioMetadata{})
	}
	if s.operations[name] == nil {
		s.order = append(s.order, name)
		s.operations[name], s.ended[name] = op, make(chan struct{})
	}
	switch text := r.GetInput().GetText(); text {
	case "long":
		if s.has("running has a response") {
			s.operations[name].Result = s.response()
		}
	default:
		time.AfterFunc(50*time.Millisecond, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			switch {
			case s.operations[name] == nil || s.operations[name].Done:
			case text == "failing" && s.has("failed with OK"):
				s.end(name, s.failure(codes.OK))
			case text == "failing":
				s.end(name, s.failure(codes.FailedPrecondition))
			default:
				s.end(name, s.response())
			}
		})
	}
	return copyOf(s.operations[name]), nil
}

func copyOf(op *operation) *operation {
	return &operation{Name: op.Name, Metadata: op.Metadata, Done: op.Done, Result: op.Result}
}

func (s *defective) response() *longrunningpb.Operation_Response {
	response, _ := anypb.New(&texttospeechpb.SynthesizeLongAudioResponse{})
	if s.has("response of other type") {
		response, _ = anypb.New(&emptypb.Empty{})
	}
	return &longrunningpb.Operation_Response{Response: response}
}

func (s *defective) failure(code codes.Code) *longrunningpb.Operation_Error {
	return &longrunningpb.Operation_Error{Error: &statuspb.Status{Code: int32(code)}}
}

// end ends an operation. result is one of the two results.
func (s *defective) end(name string, result any) {
	op := copyOf(s.operations[name])
	op.Done = true
	switch r := result.(type) {
	case *longrunningpb.Operation_Response:
		op.Result = r
	case *longrunningpb.Operation_Error:
		op.Result = r
	}
	if !s.operations[name].Done {
		close(s.ended[name])
	}
	s.operations[name], s.at[name] = op, time.Now()
}

// find is an operation that is there.
func (s *defective) find(name string) (*operation, error) {
	kept := keeps
	if s.has("expires at once") {
		kept = keeps / 4
	}
	op := s.operations[name]
	if op == nil || op.Done && time.Since(s.at[name]) > kept && !s.has("nothing expires") {
		return nil, status.Error(codes.NotFound, "there is none")
	}
	return op, nil
}

func (s *defective) GetOperation(_ context.Context, r *longrunningpb.GetOperationRequest) (*operation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.GetName() == "" && !s.has("empty is not found") {
		return nil, status.Error(codes.InvalidArgument, "the name is missing")
	}
	op, err := s.find(r.GetName())
	if err != nil && s.has("unknown is OK") && strings.HasSuffix(r.GetName(), "/9999999999999999") {
		return &operation{Name: r.GetName()}, nil
	}
	if err == nil && op.GetResponse() != nil && s.has("done goes back") {
		if s.looks++; s.looks%3 == 0 {
			return &operation{Name: op.Name, Metadata: op.Metadata}, nil
		}
	}
	return op, err
}

func (s *defective) WaitOperation(ctx context.Context, r *longrunningpb.WaitOperationRequest) (*operation, error) {
	s.mu.Lock()
	op, err := s.find(r.GetName())
	ended := s.ended[r.GetName()]
	s.mu.Unlock()
	switch {
	case err != nil && s.has("wait knows all"):
		return &operation{Name: r.GetName()}, nil
	case err != nil:
		return nil, err
	case s.has("wait lies") && !op.Done && r.GetTimeout().AsDuration() == time.Second:
		return &operation{Name: r.GetName(), Done: true, Result: s.response()}, nil
	case s.has("wait waits when done") && op.GetResponse() != nil, s.has("wait misses cancels") && !op.Done:
		ended = nil
	}
	timeout := r.GetTimeout().AsDuration()
	if s.has("wait never returns") {
		timeout += time.Hour
	}
	select {
	case <-ended:
	case <-time.After(timeout):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(r.GetName())
}

func (s *defective) CancelOperation(_ context.Context, r *longrunningpb.CancelOperationRequest) (*emptypb.Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	op, err := s.find(r.GetName())
	code := codes.Canceled
	switch {
	case err != nil && s.has("cancel knows all"):
		return &emptypb.Empty{}, nil
	case err != nil:
		return nil, err
	case s.has("cancel undoes the end") && op.GetResponse() != nil:
		s.end(op.Name, s.failure(codes.Unknown))
		return &emptypb.Empty{}, nil
	case s.has("cancel does nothing"), op.Done:
		return &emptypb.Empty{}, nil
	case s.has("cancel ends in ABORTED"):
		code = codes.Aborted
	case s.has("cancel deletes"):
		close(s.ended[op.Name])
		delete(s.operations, op.Name)
		return &emptypb.Empty{}, nil
	}
	s.end(op.Name, s.failure(code))
	return &emptypb.Empty{}, nil
}

func (s *defective) DeleteOperation(_ context.Context, r *longrunningpb.DeleteOperationRequest) (*emptypb.Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.find(r.GetName())
	if s.has("delete knows all") {
		err = nil
	}
	if err != nil || s.has("delete does nothing") {
		return &emptypb.Empty{}, err
	}
	delete(s.operations, r.GetName())
	return &emptypb.Empty{}, nil
}

// ListOperations lists the newest first. A page token is the filter, and the number
// of the last operation on the page.
func (s *defective) ListOperations(_ context.Context, r *longrunningpb.ListOperationsRequest) (*longrunningpb.ListOperationsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := int(r.GetPageSize())
	switch {
	case size < 0 && !s.has("negative pages are all"), size > 1000 && s.has("large pages are refused"):
		return nil, status.Error(codes.InvalidArgument, "the page size")
	case size <= 0, size > 1000, s.has("page_size is ignored"):
		size = 1000
	}
	if f := r.GetFilter(); f != "" && f != "done=true" && f != "done=false" && !s.has("any filter is all") {
		return nil, status.Error(codes.InvalidArgument, "the filter")
	}
	from := len(s.order)
	if token := r.GetPageToken(); token != "" {
		filter, number, ok := strings.Cut(token, " ")
		n, err := strconv.Atoi(number)
		switch {
		case (!ok || err != nil) && s.has("any token is the first"):
			n = from
		case !ok || err != nil || filter != r.GetFilter() && !s.has("tokens fit every list"):
			return nil, status.Error(codes.InvalidArgument, "the page token")
		}
		if from = n; s.has("pages by number") {
			from = len(s.order) - n
		}
	}
	page := &longrunningpb.ListOperationsResponse{}
	for i := from - 1; i >= 0; i-- {
		op, err := s.find(s.order[i])
		if err != nil && s.has("list shows the deleted") && s.operations[s.order[i]] == nil {
			op, err = &operation{Name: s.order[i]}, nil
		}
		filtered := r.GetFilter() != "" && !s.has("any filter is all") && strconv.FormatBool(op.GetDone()) != strings.TrimPrefix(r.GetFilter(), "done=")
		if err != nil || filtered || s.has("list is short") && i == len(s.order)-1 {
			continue
		}
		if len(page.Operations) == size {
			next := i + 1
			switch {
			case s.has("pages overlap"):
				next++
			case s.has("pages by number"):
				next = len(s.order) - next
			}
			page.NextPageToken = fmt.Sprintf("%s %d", r.GetFilter(), next)
			break
		}
		page.Operations = append(page.Operations, op)
	}
	if page.NextPageToken == "" && s.has("the list has no end") {
		page.NextPageToken = fmt.Sprintf("%s %d", r.GetFilter(), len(s.order))
	}
	return page, nil
}
