package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// cancelSources is how long a cancel takes to reach each kind of sound, in the middle
// of it: what an engine speaks, and what the server makes itself.
//
// Method: for each kind of document that there is (those of synth/cancel_test.go, made
// long) an operation on an idle server, five times (twice with -quick). It is left until
// there is scratch and the server and its workers have used 40 ms of CPU time for it, then
// for another random 20 to 250 ms, and cancelled while GetOperation says that it is not
// done. After the
// answer the CPU clocks of the server process and of all then below it are watched for
// 150 ms: they were idle from the moment on after which all together used less than 3 ms
// in the rest of the watch, which is somewhat more than the watch of an idle server finds
// (the reference), or from the moment on at which scratch and what was staged have no file
// any more: they are removed when nothing of the operation runs (lro.Kind), and what the
// file system does then with some hundred megabytes is no sound. The worst of all is
// judged; the operation must be cancelled, and neither scratch nor the object be there in
// the end.
func cancelSources(ctx context.Context, l *lab) ([]row, error) {
	clips, err := l.folder("clips")
	if err != nil {
		return nil, err
	}
	if err := longClip(filepath.Join(clips, "long.wav")); err != nil {
		return nil, err
	}
	s, err := l.freshWith(ctx, "cancel-sources", l.none, "--clips", clips, "--max-operation-audio", "10000h")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	v, err := s.voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	random := l.random(7)
	var rest time.Duration
	for range 3 {
		before := treeTime(s.pid())
		pause(ctx, idleWatch)
		rest = max(rest, treeTime(s.pid())-before)
	}
	var rows []row
	for _, kind := range lastingKinds {
		var idles durations
		for i := range l.count(5, 2) {
			idle, err := cancelOnce(ctx, s, v, kind, fmt.Sprintf("gs://sources/%d", i), between(random, 20*time.Millisecond, 250*time.Millisecond))
			if err != nil {
				return rows, fmt.Errorf("%s: %w: %s", kind.name, err, s.lastWords())
			}
			idles = append(idles, idle)
		}
		rows = append(rows, row{
			name: "idle after the cancel in the middle of " + kind.name, bar: "<= " + millis(idleBar) + ", nothing left",
			measured:  idles.String(),
			reference: fmt.Sprintf("an idle server uses %s in %s", millis(rest), millis(idleWatch)),
			verdict:   judge(idles.worst() <= idleBar),
		})
	}
	return rows, s.stop()
}

const idleWatch = 150 * time.Millisecond

// lastingKind is a document of one kind of sound that takes some while to make.
type lastingKind struct {
	name     string
	encoding string
	ssml     string
}

const longClipTag = `<audio src="clips:long.wav"/>`

var lastingKinds = []lastingKind{
	{"pauses", "MULAW", strings.Repeat(`<break time="60s"/>`, 5000)},
	{"pauses that are encoded", "OGG_OPUS", strings.Repeat(`<s>A.</s><break time="50s"/>`, 2000)},
	{"bleeps", "LINEAR16", strings.Repeat(`<say-as interpret-as="expletive">`+strings.Repeat("a", 200)+`</say-as> `, 4000)},
	{"speech", "LINEAR16", strings.Repeat(`<s>Abcdefgh ijkl and some words more.</s>`, 10000)},
	{"speech, changed", "LINEAR16", `<prosody rate="70%" pitch="+2st" volume="+4dB">` + strings.Repeat(`<s>Abcdefgh ijkl and some words more.</s>`, 10000) + `</prosody>`},
	{"speech that is encoded", "MP3", strings.Repeat(`<s>Abcdefgh ijkl and some words more.</s>`, 10000)},
	{"clips", "LINEAR16", strings.Repeat(longClipTag, 2000)},
	{"clips, changed", "LINEAR16", `<prosody volume="+3dB">` + strings.Repeat(`<audio src="clips:long.wav" clipBegin="1s" speed="80%" repeatCount="3" soundLevel="+6dB"/>`, 600) + `</prosody>`},
	{"fallbacks", "LINEAR16", strings.Repeat(`<audio src="clips:gone.wav"><break time="3s"/>`+longClipTag+`</audio>`, 2000)},
	{"mixes", "LINEAR16", strings.Repeat(`<par><media>`+longClipTag+`</media><media soundLevel="-3dB"><speak>Abc<break time="3s"/>def</speak></media></par>`, 1000)},
	{"fades", "LINEAR16", strings.Repeat(`<par><media fadeInDur="2s" fadeOutDur="2s">`+longClipTag+`</media></par>`, 2000)},
	{"repeats", "LINEAR16", strings.Repeat(`<par><media repeatCount="999" repeatDur="500s"><audio src="clips:long.wav" clipEnd="1s"/></media></par>`, 500)},
	{"late media", "LINEAR16", strings.Repeat(`<seq>`+strings.Repeat(`<media begin="30s">`+longClipTag+`</media>`, 2)+`</seq>`, 1000)},
	{"mixes within mixes", "LINEAR16", strings.Repeat(`<par><media><speak><par><seq><media>`+longClipTag+`</media></seq></par></speak></media></par>`, 1500)},
	{"pauses within mixes", "LINEAR16", strings.Repeat(`<par><media><speak><break time="60s"/></speak></media><media><speak>Abc</speak></media></par>`, 3000)},
}

// cancelOnce cancels one operation in its middle and returns when all was idle.
func cancelOnce(ctx context.Context, s *server, v *voice, kind lastingKind, uri string, after time.Duration) (time.Duration, error) {
	name, err := s.startDocument(ctx, kind.encoding, 24000, v, kind.ssml, uri)
	if err != nil {
		return 0, err
	}
	before := treeTime(s.pid())
	const patience = 20 * time.Second
	for begun := time.Now(); treeTime(s.pid())-before < 40*time.Millisecond || len(s.unfinished()) == 0; pause(ctx, time.Millisecond) {
		if time.Since(begun) > patience || ctx.Err() != nil {
			return 0, errors.New("nobody works on it")
		}
	}
	pause(ctx, after)
	op, err := s.get(ctx, name)
	if err == nil && op.GetDone() {
		err = fmt.Errorf("it was done before its cancel: %s", op.GetError().GetMessage())
	}
	if err == nil {
		err = s.cancel(ctx, name)
	}
	if err != nil {
		return 0, err
	}
	idle := s.idleAfter(time.Now(), idleWatch)
	if op, err = s.get(ctx, name); err != nil {
		return 0, err
	}
	if !op.GetDone() || !wasCancelled(op) {
		return 0, errors.New("it is not cancelled")
	}
	if _, err := os.Stat(s.object(uri)); !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("after the cancel there is an object at %s", uri)
	}
	return idle, s.nothingLeft(ctx)
}

// nothingLeft waits for what a cancelled operation had in scratch to go.
func (s *server) nothingLeft(ctx context.Context) error {
	const patience = 10 * time.Second
	for begun := time.Now(); ; pause(ctx, 10*time.Millisecond) {
		left := s.unfinished()
		if len(left) == 0 {
			return nil
		}
		if time.Since(begun) > patience || ctx.Err() != nil {
			return fmt.Errorf("left after the cancel: %s", strings.Join(left, ", "))
		}
	}
}

// unfinished are the files of operations under way.
func (s *server) unfinished() (files []string) {
	for _, folder := range []string{"scratch", "staging"} {
		_ = filepath.WalkDir(filepath.Join(s.data, folder), func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				files = append(files, name)
			}
			return nil // what is gone meanwhile is gone
		})
	}
	return files
}

// idleAfter is how long after the instant since the server and all that were below it then
// went on with a cancelled operation, as a watch of that length finds it. A worker that is born later stands in
// for one that was killed, and what it takes to start is nobody's sound.
func (s *server) idleAfter(since time.Time, while time.Duration) time.Duration {
	const noise = 3 * time.Millisecond
	type reading struct{ at, used time.Duration }
	var readings []reading
	until := sinceBoot() - time.Since(since)
	used := map[int]time.Duration{s.pid(): 0}
	for _, p := range below(s.pid()) {
		if bornAt(p) <= until {
			used[p] = 0
		}
	}
	emptied := while // since when there is no file in scratch
	for time.Since(since) < while {
		at := time.Since(since)
		if len(s.unfinished()) > 0 {
			emptied = while
		} else if emptied == while {
			emptied = at
		}
		var sum time.Duration
		for p, before := range used {
			if now, err := cpuTime(p); err == nil {
				used[p] = max(before, now)
			}
			sum += used[p]
		}
		readings = append(readings, reading{at, sum})
		time.Sleep(200 * time.Microsecond)
	}
	last := readings[len(readings)-1].used
	for _, r := range readings {
		if last-r.used < noise {
			return min(r.at, emptied)
		}
	}
	return emptied
}

// longClip writes a WAV file of two minutes at 16,000 Hz, a tone.
func longClip(name string) error {
	const rate, seconds = 16000, 120
	sound := make([]float32, rate*seconds)
	for i := range sound {
		sound[i] = 0.2 * float32(math.Sin(2*math.Pi*440*float64(i)/rate))
	}
	return writeWAV(name, rate, sound)
}
