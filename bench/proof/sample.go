package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
)

// sample is one text of the kill test, and what it sounds like undisturbed.
type sample struct {
	name   string
	voice  *voice
	text   string
	weight int // how often it is chosen

	size int64 // of the object, in bytes
	sum  [sha256.Size]byte
}

// newSamples are short texts, whose operations end between two kills, and long
// ones of many shards, which live through several. small makes the long ones a
// third as long.
func newSamples(ctx context.Context, c *client, small bool) ([]*sample, error) {
	one, err := c.voice(ctx, flite)
	if err != nil {
		return nil, err
	}
	other, err := c.voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	long := func(bytes int) string {
		if small {
			bytes /= 3
		}
		return book(bytes)
	}
	return []*sample{
		{name: "sentence", voice: one, text: book(200), weight: 10},
		{name: "sentence-espeak", voice: other, text: book(200), weight: 6},
		{name: "page", voice: one, text: book(3_000), weight: 8},
		{name: "chapter", voice: one, text: long(20_000), weight: 5},
		{name: "chapter-espeak", voice: other, text: long(20_000), weight: 3},
		{name: "half-book", voice: one, text: long(80_000), weight: 2},
		{name: "book-espeak", voice: other, text: long(150_000), weight: 1},
	}, nil
}

// choose picks a sample by weight.
func choose(samples []*sample, random *rand.Rand) *sample {
	total := 0
	for _, s := range samples {
		total += s.weight
	}
	n := random.IntN(total)
	for _, s := range samples {
		if n -= s.weight; n < 0 {
			return s
		}
	}
	return samples[0]
}

// hearUndisturbed gives every sample the size and the checksum of its sound.
func hearUndisturbed(ctx context.Context, s *server, samples []*sample) error {
	for _, text := range samples {
		uri := "gs://undisturbed/" + text.name + ".wav"
		op, err := s.start(ctx, text.voice, text.text, uri)
		if err != nil {
			return fmt.Errorf("%s: %w", text.name, err)
		}
		if op, err = s.finished(ctx, op.Name); err != nil {
			return fmt.Errorf("%s: %w", text.name, err)
		}
		if op.GetError() != nil {
			return fmt.Errorf("%s failed without a kill: %s", text.name, op.GetError().GetMessage())
		}
		if text.size, text.sum, err = checkWAV(s.object(uri)); err != nil {
			return fmt.Errorf("%s: %w", text.name, err)
		}
	}
	return nil
}
