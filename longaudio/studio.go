package longaudio

import (
	"context"
	"encoding/json"
	"log/slog"
	"runtime"
	"time"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/synth"
)

// Config is what a Studio is made of. What it is given stays the caller's to
// close.
type Config struct {
	Synth   *synth.Synth
	Buckets *bucket.Store
	// Room says why there is no room for a new operation, or nil; it is what the
	// client sees. Nil: there always is.
	Room func() error
	// Made is told of each object that shows, how long its sound is, and the account
	// that its order named. After a crash at that moment nobody is told. Nil: nobody is.
	Made func(account string, sound time.Duration)
	Log  *slog.Logger
}

// Studio is what all operations share. Make one with [New].
type Studio struct {
	synth     *synth.Synth
	buckets   *bucket.Store
	room      func() error
	encodings []string
	made      func(account string, sound time.Duration)
	log       *slog.Logger

	encoders chan struct{} // one element for each piece that is encoded at an end
}

// New makes a Studio.
func New(c Config) *Studio {
	if c.Made == nil {
		c.Made = func(string, time.Duration) {}
	}
	if c.Room == nil {
		c.Room = func() error { return nil }
	}
	return &Studio{
		synth: c.Synth, encodings: c.Synth.Encodings(), buckets: c.Buckets, room: c.Room, made: c.Made, log: c.Log,
		encoders: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
}

// Check reports whether an object and its captions could be written as things
// stand, and whether there is room for new work. A name that cannot be is FAILED_PRECONDITION.
func (s *Studio) Check(ctx context.Context, object bucket.Object, formats []captions.Format) error {
	if err := s.checkNames(ctx, Spec{Object: object, Captions: formats}); err != nil {
		return err
	}
	return s.room()
}

// checkNames reports whether the object and its captions could be committed as
// things stand.
func (s *Studio) checkNames(ctx context.Context, spec Spec) error {
	if err := s.buckets.Check(ctx, spec.Object); err != nil {
		return err
	}
	return s.buckets.CheckBeside(ctx, spec.Object, extensionsOf(spec.Captions))
}

// finishPart is which part of the work of all shards the last step is counted as: to
// join them, or to encode what the shards' workers have not.
const finishPart = 20

// Order is a new operation of the kind of this name: the plan, spoken as spec says,
// whose Settings are the plan's. Its label is the object's URI. The caller adds who asks for it.
func (s *Studio) Order(kind string, plan *synth.Plan, spec Spec) (lro.NewOperation, error) {
	spec.Settings = plan.Settings
	request, err := json.Marshal(spec)
	if err != nil {
		return lro.NewOperation{}, err
	}
	tasks, err := tasksOf(plan)
	return lro.NewOperation{Kind: kind, Request: request, Tasks: tasks, FinishWeight: max(plan.Weight()/finishPart, 1), Needs: s.needsOf(plan), Label: spec.Object.String()}, err
}

// needsOf is what a node must be able to do to work on a plan: see [Studio.Abilities].
func (s *Studio) needsOf(plan *synth.Plan) []string {
	needs := []string{encodes + plan.Encoding}
	for _, name := range plan.Voices() {
		needs = append(needs, speaks+name)
	}
	return needs
}

// What begins the abilities of nodes. They are stored and must stay the same.
const (
	encodes = "encoding:"
	speaks  = "voice:"
)

// Abilities are what this node is able to do of what operations need: the encodings
// that were built in, and the voices that are installed at the moment, by the names
// of those who speak. It may be called often.
func (s *Studio) Abilities() []string {
	voices := s.synth.Engines().Catalogue().Speakers()
	able := make([]string, 0, len(voices)+len(s.encodings))
	for _, name := range s.encodings {
		able = append(able, encodes+name)
	}
	for _, name := range voices {
		able = append(able, speaks+name)
	}
	return able
}

// tasksOf makes one task of each part of the plan; its payload is all that is
// needed to speak it.
func tasksOf(plan *synth.Plan) ([]lro.Task, error) {
	var tasks []lro.Task
	for _, part := range plan.Parts() {
		payload, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, lro.Task{Payload: payload, Weight: part.Weight()})
	}
	return tasks, nil
}
