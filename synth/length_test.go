package synth_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
)

// holed counts bytes, and those that came as a number.
type holed struct{ bytes, zeros int64 }

func (h *holed) Write(p []byte) (int, error) {
	h.bytes += int64(len(p))
	return len(p), nil
}

func (h *holed) WriteZeros(n int64) error {
	h.zeros += n
	return nil
}

// Four days of pauses are a number, and their marks are where they belong.
func TestPausesAreLengths(t *testing.T) {
	s := newSynth(t, tone.Options{})
	r := document(`<speak>abc` + strings.Repeat(`<break time="60s"/>`, 5900) + `<mark name="late"/>def</speak>`)
	r.SampleRate, r.Encoding = 48000, "LINEAR16"
	var to holed
	spoken, err := s.Body(t.Context(), engine.Batch, plan(t, s, r), &to)
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(5900 * 60 * 48000 * 2); to.zeros != want || to.bytes > 100_000 {
		t.Errorf("%d zeros, want %d, beside %d bytes", to.zeros, want, to.bytes)
	}
	if at := marks(spoken.Cues)["late"]; 2*at != to.zeros+to.bytes/2 {
		t.Errorf("the mark is at frame %d of %d", at, spoken.Frames)
	}
}

// What a file would have too much of is refused before anything is made: no
// engine, no spool.
func TestALongFileIsRefusedAtOnce(t *testing.T) {
	spools := filepath.Join(t.TempDir(), "spools")
	s := synth.New(synth.Config{
		Engines: newSynth(t, tone.Options{}).Engines(), Formats: formats, Clips: recordings, Spools: spools, Log: slog.New(slog.DiscardHandler),
	})
	pauses := strings.Repeat(`<break time="60s"/>`, 30)
	for _, body := range []string{
		pauses,
		`<par><media><speak>` + pauses + `</speak></media></par>`,
		`<seq><media begin="1800s"><speak>a</speak></media></seq>`,
		`<par><seq begin="900s"><media begin="900s"><speak>a</speak></media></seq></par>`,
		`<par><media><speak><par><media><speak>` + pauses + `</speak></media></par></speak></media></par>`,
	} {
		for _, encoding := range []string{"PCM", "LINEAR16", "MULAW", "MP3"} {
			r := document("<speak>" + body + "</speak>")
			r.Encoding = encoding
			p := plan(t, s, r)
			if _, _, err := s.File(t.Context(), engine.Interactive, p, 10<<20); !fault.Is(err, fault.InvalidArgument) {
				t.Errorf("%s of %.60s…: %v", encoding, body, err)
			}
		}
	}
	if _, err := os.Stat(spools); err == nil {
		t.Error("something was spooled")
	}
	speak(t, s, document(`<speak><par><media><speak>a</speak></media></par></speak>`))
	if left, err := os.ReadDir(spools); err != nil || len(left) > 0 {
		t.Errorf("after a mix %d files are left, %v", len(left), err)
	}
}

// Least is never more than there is.
func TestLeastIsALowerBound(t *testing.T) {
	s := newSynth(t, tone.Options{})
	for name, body := range lasting {
		if strings.Contains(body, "example.com/long") {
			body = strings.ReplaceAll(body, "example.com/long", "example.com/second")
		}
		p := plan(t, s, document("<speak>"+body+"</speak>"))
		var to holed
		spoken, err := s.Body(t.Context(), engine.Batch, p, &to)
		if err != nil {
			t.Fatal(err)
		}
		if p.Least() > spoken.Frames {
			t.Errorf("%s: at least %d frames of %d", name, p.Least(), spoken.Frames)
		}
	}
	for _, body := range []string{
		`<par><media end="1s"><speak><break time="9s"/></speak></media></par>`,
		`<par><media repeatDur="1s"><speak><break time="9s"/></speak></media></par>`,
		`<seq><media begin="5s" xml:id="a"><speak>a</speak></media><media begin="-9s"><speak><break time="2s"/></speak></media></seq>`,
	} {
		p := plan(t, s, document("<speak>"+body+"</speak>"))
		spoken, err := s.Body(t.Context(), engine.Batch, p, new(holed))
		if err != nil {
			t.Fatal(err)
		}
		if p.Least() > spoken.Frames {
			t.Errorf("%s: at least %d frames of %d", body, p.Least(), spoken.Frames)
		}
	}
}

// However late its media begin, a container is over after an hour.
func TestLateMediaPassNoLimit(t *testing.T) {
	s := newSynth(t, tone.Options{})
	r := document(`<speak><seq>` + strings.Repeat(`<media begin="3600s"><speak>a</speak></media>`, 6) + `</seq></speak>`)
	r.SampleRate = 8000
	spoken, err := s.Body(t.Context(), engine.Batch, plan(t, s, r), new(holed))
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(3600 * 8000); spoken.Frames > want {
		t.Errorf("%d frames, at most %d are allowed", spoken.Frames, want)
	}
}

// files counts the open files when bytes come.
type files struct{ most int }

func (f *files) Write(p []byte) (int, error) {
	open, err := os.ReadDir("/proc/self/fd")
	f.most = max(f.most, len(open))
	return len(p), err
}

func TestOneFileForAllMedia(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("the open files cannot be counted here")
	}
	s := newSynth(t, tone.Options{})
	count := func(media int) int {
		r := document(`<speak><par>` + strings.Repeat(`<media><speak>a</speak></media>`, media) + `</par></speak>`)
		var f files
		if _, err := s.Body(t.Context(), engine.Batch, plan(t, s, r), &f); err != nil {
			t.Fatal(err)
		}
		return f.most
	}
	if one, many := count(1), count(300); many > one+2 {
		t.Errorf("%d files are open for one medium, %d for 300", one, many)
	}
}

func TestTooMuchIsRefusedByName(t *testing.T) {
	s := newSynth(t, tone.Options{})
	for _, c := range []struct {
		body, want string
		longest    time.Duration
	}{
		{`<par>` + strings.Repeat(`<media><speak>a</speak></media>`, 1001) + `</par>`, "1001 <media>", 0},
		{strings.Repeat(`<break time="60s"/>`, 61), "--max-operation-audio", time.Hour},
		{strings.Repeat(`ab cd ef `, 250), "--max-operation-audio", time.Minute},
	} {
		r := document("<speak>" + c.body + "</speak>")
		r.Longest = c.longest
		if _, err := s.Plan(t.Context(), r); !fault.Is(err, fault.InvalidArgument) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60s…: %v", c.body, err)
		}
	}
}

// counted counts what is asked of a clip.
type countedLibrary struct{ frames int64 }

func (c *countedLibrary) Open(context.Context, string) (audio.Stream, error) {
	return &countedClip{audio.Buffer{Rate: 24000, Samples: level(0.5, 24000)}.Stream(), c}, nil
}

type countedClip struct {
	audio.Stream
	library *countedLibrary
}

func (c *countedClip) Read(p []float32) (int, error) {
	n, err := c.Stream.Read(p)
	c.library.frames += int64(n)
	return n, err
}

// What a medium holds is not kept on and on when a file cannot have it, unless
// less of it is heard.
func TestALongMediumIsGivenUp(t *testing.T) {
	const limit = 2 * 24000 * 2 // two seconds
	for _, c := range []struct {
		media string
		fits  bool
	}{
		{`<media><speak>%s</speak></media>`, false},
		{`<media><speak><par><media><speak>%s</speak></media></par></speak></media>`, false},
		{`<media end="1s"><speak>%s</speak></media>`, true},
		{`<media repeatDur="1s"><speak>%s</speak></media>`, true},
		{`<media end="1s"><speak><par><media><speak>%s</speak></media></par></speak></media>`, true},
		{`<seq end="1s"><media><speak>%s</speak></media></seq>`, true},
	} {
		clips := &countedLibrary{}
		s := synth.New(synth.Config{Engines: newSynth(t, tone.Options{}).Engines(), Formats: formats, Clips: clips, Log: slog.New(slog.DiscardHandler)})
		r := document(`<speak><par>` + fmt.Sprintf(c.media, strings.Repeat(`<audio src="https://example.com/a"/>`, 12)) + `</par></speak>`)
		for _, encoding := range []string{"PCM", "MP3"} {
			r.Encoding, clips.frames = encoding, 0
			_, _, err := s.File(t.Context(), engine.Interactive, plan(t, s, r), limit)
			if c.fits != (err == nil) || err != nil && !fault.Is(err, fault.InvalidArgument) {
				t.Errorf("%s: %v", c.media, err)
			}
			if !c.fits && clips.frames > 4*24000 {
				t.Errorf("%s: %d frames are kept", c.media, clips.frames)
			}
		}
	}
}

// TestAFileIsAllocatedOnce: a buffer that grows is there twice, and the memory that
// was set aside for the answer is for one.
func TestAFileIsAllocatedOnce(t *testing.T) {
	s := newSynth(t, tone.Options{})
	for name, r := range map[string]synth.Request{
		"text":   request(strings.Repeat("Hello there. ", 10)),
		"pauses": request(""),
		"a word": request("Hi."),
	} {
		r.SampleRate = 48000
		if name == "pauses" {
			r.Text, r.SSML = "", "<speak>a"+strings.Repeat(`<break time="60s"/>`, 3)+"</speak>"
		}
		p := plan(t, s, r)
		file(t, s, p) // the first one warms up
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		whole := file(t, s, p)
		runtime.ReadMemStats(&after)
		if most := p.ExpectedBytes(); int64(len(whole)) > most+1000 {
			t.Errorf("%s: %d bytes were expected, %d came", name, most, len(whole))
		}
		// Beside it there are blocks on the way to it.
		if took, room := int64(after.TotalAlloc-before.TotalAlloc), p.ExpectedBytes()+2<<20; took > room {
			t.Errorf("%s: %d bytes were allocated for a file of %d, want at most %d", name, took, len(whole), room)
		}
	}
}
