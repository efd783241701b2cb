package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"golang.org/x/sync/errgroup"

	"github.com/lectern/lectern/textnorm"
)

// streamRate is that of a stream that names none, in frames of two bytes.
const streamRate = 24000

// stream begins a stream with a voice.
func (c *client) stream(ctx context.Context, v *voice) (ttspb.TextToSpeech_StreamingSynthesizeClient, error) {
	s, err := c.speech.StreamingSynthesize(ctx)
	if err != nil {
		return nil, err
	}
	return s, s.Send(&ttspb.StreamingSynthesizeRequest{StreamingRequest: &ttspb.StreamingSynthesizeRequest_StreamingConfig{
		StreamingConfig: &ttspb.StreamingSynthesizeConfig{Voice: selection(v)},
	}})
}

func streamText(text string) *ttspb.StreamingSynthesizeRequest {
	return &ttspb.StreamingSynthesizeRequest{StreamingRequest: &ttspb.StreamingSynthesizeRequest_Input{
		Input: &ttspb.StreamingSynthesisInput{InputSource: &ttspb.StreamingSynthesisInput_Text{Text: text}},
	}}
}

// streamFirst is when the first sound of a stream is there.
//
// Method: on an idle server whose voice is warm, a stream whose configuration has
// been sent; from sending its first text, a sentence of 15 words, until the first
// message of sound; 60 times (15 with -quick), the median is judged. Beside it
// stands SynthesizeSpeech of the same sentence, in turn.
func streamFirst(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.freshWith(ctx, "stream-first", l.voices)
	if err != nil {
		return nil, err
	}
	defer s.discard()
	var rows []row
	for _, c := range []struct {
		part string
		bar  time.Duration
	}{{espeak, 10 * time.Millisecond}, {heart.name, 60 * time.Millisecond}} {
		r := row{name: "first sound of a stream after its first text, " + c.part, bar: "p50 <= " + millis(c.bar), verdict: note}
		if v, err := s.voice(ctx, c.part); err == nil {
			firsts, wholes, err := firstSounds(ctx, s.client, v, l.count(60, 15))
			if err != nil {
				return nil, fmt.Errorf("%w: %s", err, s.lastWords())
			}
			r.measured, r.reference, r.verdict = firsts.String(), wholes.String()+", all of it at once", judge(firsts.median() <= c.bar)
			r.ratio = ratio(firsts.median().Seconds(), wholes.median().Seconds())
		} else {
			r.measured = "not installed"
		}
		rows = append(rows, r)
	}
	return rows, s.stop()
}

func firstSounds(ctx context.Context, c *client, v *voice, repeats int) (firsts, wholes durations, err error) {
	texts := slices.DeleteFunc(sentencesOfWords(15, 100), func(text string) bool { return !textnorm.Complete(text) })
	if len(texts) == 0 {
		return nil, nil, errors.New("the book has no such sentences")
	}
	for i := range repeats + 2 { // the first ones warm up
		text := texts[i%len(texts)]
		took, err := firstSound(ctx, c, v, text)
		if err != nil {
			return nil, nil, err
		}
		begun := time.Now()
		if _, err := c.say(ctx, v, text); err != nil {
			return nil, nil, err
		}
		if i >= 2 {
			firsts, wholes = append(firsts, took), append(wholes, time.Since(begun))
		}
	}
	return firsts, wholes, nil
}

func firstSound(ctx context.Context, c *client, v *voice, text string) (time.Duration, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := c.stream(ctx, v)
	if err != nil {
		return 0, err
	}
	pause(ctx, 20*time.Millisecond) // the configuration has arrived
	begun := time.Now()
	if err := s.Send(streamText(text)); err != nil {
		return 0, err
	}
	_, err = s.Recv()
	return time.Since(begun), err
}

// streamCancels is how long an engine works for a stream whose client has gone.
//
// Method: a stream that is given the book without end and whose sound is taken as
// it comes; after 40 ms of the workers' time, and 20 to 250 ms more, its call is
// cancelled. From then on the CPU time of the workers is followed, as in cancel; 60
// times for each voice (10 with -quick). Then the same again while a second server
// keeps all cores busy with a long operation of 1 MB.
func streamCancels(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.freshWith(ctx, "stream-cancel", l.voices)
	if err != nil {
		return nil, err
	}
	defer s.discard()
	rows, err := streamCancelsOn(ctx, l, s, "")
	if err != nil {
		return nil, err
	}
	other, err := l.fresh(ctx, "stream-cancel-load")
	if err != nil {
		return nil, err
	}
	defer other.discard()
	v, err := other.voice(ctx, fliteSlow)
	if err != nil {
		return nil, err
	}
	load := newWatch(other.pid())
	if _, err := other.start(ctx, v, book(bookBytes), "gs://load/book.wav"); err != nil {
		return nil, err
	}
	if err := load.awaitWork(ctx, time.Second); err != nil {
		return nil, err
	}
	under, err := streamCancelsOn(ctx, l, s, ", all cores busy")
	return append(rows, under...), errors.Join(err, s.stop())
}

func streamCancelsOn(ctx context.Context, l *lab, s *server, load string) ([]row, error) {
	random := l.random(5)
	var rows []row
	for _, part := range []string{espeak, heart.name} {
		r := row{name: "engine idle after the client's cancel of a stream, " + part + load, bar: "p99 <= " + millis(idleBar), verdict: note, measured: "not installed"}
		if v, err := s.voice(ctx, part); err == nil {
			if _, err := s.say(ctx, v, "Is there anybody in?"); err != nil {
				return nil, err
			}
			// The first has the workers start that a stream needs, which nobody cancels.
			if _, err := streamCancel(ctx, s, v, time.Second); err != nil {
				return nil, fmt.Errorf("%w: %s", err, s.lastWords())
			}
			if err := newWatch(s.pid()).awaitRest(ctx); err != nil {
				return nil, err
			}
			var idles durations
			replaced := 0
			for range l.count(60, 10) {
				before := children(s.pid())
				idle, err := streamCancel(ctx, s, v, between(random, 20*time.Millisecond, 250*time.Millisecond))
				if err != nil {
					return nil, fmt.Errorf("%w: %s", err, s.lastWords())
				}
				idles = append(idles, idle)
				if !slices.Equal(before, children(s.pid())) {
					replaced++
				}
			}
			r.measured, r.verdict = fmt.Sprintf("%s; %d times a worker was killed for it", idles, replaced), judge(idles.at(0.99) <= idleBar)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func streamCancel(ctx context.Context, s *server, v *voice, after time.Duration) (time.Duration, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := newWatch(s.pid())
	stream, err := s.stream(ctx, v)
	if err != nil {
		return 0, err
	}
	text := streamText(alice[:4000])
	var sides errgroup.Group
	sides.Go(func() error {
		for ctx.Err() == nil && stream.Send(text) == nil {
		}
		return nil
	})
	sides.Go(func() error {
		for {
			if _, err := stream.Recv(); err != nil {
				if ctx.Err() != nil {
					return nil
				}
				return err
			}
		}
	})
	if err := workers.awaitWork(ctx, 40*time.Millisecond); err != nil {
		return 0, err
	}
	pause(ctx, after)
	cancel()
	idle := workers.idleAfter(time.Now(), 150*time.Millisecond)
	return idle, sides.Wait()
}

// streamMany is whether streams that are heard at once are ever late.
//
// Method: 16 streams of heart at once on one connection, each with eight sentences
// of the book, one a message, then the client's end. Each is played from its first
// message on; a message that comes when all before it has been played is a gap.
// The reference is the sound that all of them have, by the time that it took.
func streamMany(ctx context.Context, l *lab) ([]row, error) {
	const streams, sentences = 16, 8
	s, err := l.freshWith(ctx, "stream-many", l.voices)
	if err != nil {
		return nil, err
	}
	defer s.discard()
	v, err := s.voice(ctx, heart.name)
	if err != nil {
		return nil, fmt.Errorf("%w: the voice %s", errMissing, heart.item)
	}
	if _, err := s.say(ctx, v, "Is there anybody in?"); err != nil {
		return nil, err
	}
	texts := sentencesOf(alice, streams*sentences)
	heard := make([]played, streams)
	begun := time.Now()
	var all errgroup.Group
	for i := range heard {
		all.Go(func() error { return heard[i].play(ctx, s.client, v, texts[i*sentences:][:sentences]) })
	}
	if err := all.Wait(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, s.lastWords())
	}
	took := time.Since(begun)
	gaps, sound := 0, time.Duration(0)
	var firsts, lags durations
	for _, p := range heard {
		gaps += p.gaps
		sound += p.sound()
		firsts = append(firsts, p.first)
		lags = append(lags, p.latest)
	}
	return []row{{
		name: fmt.Sprintf("%d streams at once, %s", streams, heart.name), bar: "0 gaps",
		measured:  fmt.Sprintf("%d gaps, the longest %s; first sound %s", gaps, millis(max(lags.worst(), 0)), firsts),
		reference: fmt.Sprintf("%.0f x real time, all together", sound.Seconds()/took.Seconds()),
		verdict:   judge(gaps == 0),
	}}, s.stop()
}

// played is what a listener of one stream has heard.
type played struct {
	first  time.Duration // from the first text to the first sound
	began  time.Time     // the first sound
	frames int64
	gaps   int
	latest time.Duration // by which a message was late; negative: none was
}

func (p *played) sound() time.Duration {
	return time.Duration(float64(p.frames) / streamRate * float64(time.Second))
}

func (p *played) play(ctx context.Context, c *client, v *voice, texts []string) error {
	s, err := c.stream(ctx, v)
	if err != nil {
		return err
	}
	begun := time.Now()
	for _, text := range texts {
		if err := s.Send(streamText(strings.TrimSpace(text) + " ")); err != nil {
			return err
		}
	}
	if err := s.CloseSend(); err != nil {
		return err
	}
	for {
		message, err := s.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		now := time.Now()
		if p.frames == 0 {
			p.began, p.first = now, now.Sub(begun)
		} else if late := now.Sub(p.began) - p.sound(); late > 0 {
			p.gaps++
			p.latest = max(p.latest, late)
		}
		p.frames += int64(len(message.AudioContent) / 2)
	}
}
