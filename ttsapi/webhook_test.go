package ttsapi

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

func TestWebhookHeader(t *testing.T) {
	s := &Service{}
	ask := func(headers ...string) error {
		_, err := s.webhookOf(metadata.NewIncomingContext(t.Context(), metadata.Pairs(headers...)))
		return err
	}
	if err := ask(); err != nil {
		t.Errorf("without one: %v", err)
	}
	if err := ask(webhookHeader, "https://jobs.example/"); !fault.Is(err, fault.InvalidArgument) || !strings.Contains(err.Error(), "--webhook-hosts") {
		t.Errorf("where none is told: %v", err)
	}
	if err := ask(webhookHeader, "https://jobs.example/", webhookHeader, "https://other.example/"); !fault.Is(err, fault.InvalidArgument) || !strings.Contains(err.Error(), "once") {
		t.Errorf("two of them: %v", err)
	}
}

// The webhook is part of what a key stands for; without one nothing is changed.
func TestWebhookIsPartOfTheRequest(t *testing.T) {
	var hashes [][]byte
	for _, webhook := range []string{"", "https://jobs.example/a", "https://jobs.example/b"} {
		hash, err := hashOf(v1, &pb.SynthesizeLongAudioRequest{Parent: "p"}, nil, webhook)
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range hashes {
			if bytes.Equal(hash, other) {
				t.Errorf("%q is the same request as another", webhook)
			}
		}
		hashes = append(hashes, hash)
	}
}

// A node that tells no webhooks of requests does not pass them over, nor tells somebody
// else instead.
func TestWhoIsTold(t *testing.T) {
	ours := errors.New("ours")
	tell := (&Service{}).Notify(func(context.Context, *Operation, time.Time) error { return ours })
	for request, want := range map[string]error{
		`{"object":{}}`:                      ours,
		``:                                   ours,
		`{"webhook":"https://jobs.example"}`: errNoWebhooks,
	} {
		if err := tell(lro.Work{Request: []byte(request)})(t.Context(), nil, time.Time{}); !errors.Is(err, want) {
			t.Errorf("of %s is told %v", request, err)
		}
	}
	if (&Service{}).Notify(nil)(lro.Work{}) != nil {
		t.Error("somebody is told, and nobody wants to know")
	}
}
