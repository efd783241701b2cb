package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/sync/errgroup"

	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
)

// streamCuttings is that a text is the same however it is cut into fragments.
//
// Method, in this process, with the engine of sines, which remembers what it is given:
// 50 passages of the book, into each of which figures, dates, abbreviations, an address
// and a quotation are put, with two custom pronunciations. Each is planned and spoken as
// a whole, then 1,000 times (20 with -quick) as a talk, cut at random, within words and
// characters too. Every second one of those guesses no end of a sentence, so that it waits
// only where sentences end for certain: its sound must be that of the whole text, byte
// for byte. Of all of them the words that the engine was given must be those of the whole
// text, in their order.
func streamCuttings(ctx context.Context, l *lab) ([]row, error) {
	texts, times := troubledPassages(50), l.count(1000, 20)
	var mu sync.Mutex
	var all cuttings
	var tasks errgroup.Group
	tasks.SetLimit(runtime.GOMAXPROCS(0))
	for i, text := range texts {
		tasks.Go(func() error {
			these, err := cutAtRandom(ctx, text, times, l.random(uint64(1000+i)))
			mu.Lock()
			defer mu.Unlock()
			all.add(these)
			return err
		})
	}
	if err := tasks.Wait(); err != nil {
		return nil, err
	}
	words, sound := row{
		name: fmt.Sprintf("%d random cuttings of each of %d texts, the words", times, len(texts)), bar: "those of the whole text, 0 lost or doubled",
		measured:  fmt.Sprintf("%d of %d cuttings have other words", all.otherWords, all.done),
		reference: fmt.Sprintf("%d words in the whole texts", all.words),
		verdict:   judge(all.otherWords == 0),
	}, row{
		name: "of those, the sound of who waits at ends of sentences only", bar: "the bytes of the whole text",
		measured:  fmt.Sprintf("%d of %d have other bytes", all.otherBytes, all.certain),
		reference: fmt.Sprintf("%s of sound in the whole texts", megabytes(all.bytes)),
		verdict:   judge(all.otherBytes == 0),
	}
	if all.example != "" {
		words.measured += ", such as " + all.example
	}
	return []row{words, sound}, nil
}

// troubles are what is read otherwise when it is torn apart.
var troubles = []string{
	"I met Dr. Smith at 5 p.m. on Jan. 5, 2020, and paid $1,000.50 for it, i.e. 3/4 of all.",
	"“Is it No. 7?” she asked. “It was 1. the cat, 2. the dog.”",
	"The U.S. Army came at 3:30, and St. Petersburg had 539,122 people, 12.5% more than in 1850.",
	"Write to mad.hatter@example.org, or see example.com/tea?at=6; do, please!",
	"Well... That is 10 km/h — or 6.2 mph — at −4 °C; good Lord, said Mr. A. B. Jones, Jr.",
	"Naïve Café guests (see p. 12, fig. 3) waited till 6... 7... and went:\nhome.\n\n* * *\n\nThey had 1st, 2nd and 23rd place.",
}

// troubledPassages are passages of the book with troubles in them.
func troubledPassages(n int) []string {
	var passages []string
	for i, p := range strings.Split(strings.TrimSpace(alice), "\n\n") {
		if p = strings.TrimSpace(p); len(p) < 200 || len(p) > 900 {
			continue
		}
		half := strings.LastIndexByte(p[:len(p)/2], ' ')
		trouble := troubles[i%len(troubles)]
		passages = append(passages, p[:half]+" "+trouble+p[half:])
		if len(passages) == n {
			break
		}
	}
	return passages
}

// cuttings is what became of some.
type cuttings struct {
	done, otherWords    int
	certain, otherBytes int
	words               int
	bytes               int64
	example             string
}

func (c *cuttings) add(more cuttings) {
	c.done += more.done
	c.otherWords += more.otherWords
	c.certain += more.certain
	c.otherBytes += more.otherBytes
	c.words += more.words
	c.bytes += more.bytes
	if c.example == "" {
		c.example = more.example
	}
}

// overheard is what an engine was given since it was last asked.
type overheard struct {
	mu   sync.Mutex
	said []string
}

func (o *overheard) hook(_ context.Context, u speech.Utterance, word int) error {
	if word == 0 {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.said = append(o.said, u.Text)
	}
	return nil
}

// take is what was said, in words: signs that only divide are left out, since a clause
// that is spoken by itself may have another.
func (o *overheard) take() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	said := strings.Join(o.said, " ")
	o.said = nil
	return strings.FieldsFunc(said, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsNumber(c) && !unicode.IsMark(c) })
}

func cutAtRandom(ctx context.Context, text string, times int, random *rand.Rand) (c cuttings, err error) {
	var ear overheard
	engines, err := engine.Open(ctx, engine.Config{Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{Hook: ear.hook}), nil },
	}}})
	if err != nil {
		return c, err
	}
	defer engines.Close()
	pipeline := synth.New(synth.Config{Engines: engines, Formats: encode.NewCatalogue(pcm.Format())})
	voice, fast := voices.Wish{Language: "en-US"}, speech.Prosody{Rate: 4}
	pronunciations := []synth.Pronunciation{{Phrase: "Alice", IPA: "alis"}, {Phrase: "of the", IPA: "əðə"}}
	plan, err := pipeline.Plan(ctx, synth.Request{Text: text, Voice: voice, Prosody: fast, Encoding: pcm.Name, Pronunciations: pronunciations})
	if err != nil {
		return c, err
	}
	const mostBytes = 64 << 20
	whole, _, err := pipeline.File(ctx, engine.Interactive, plan, mostBytes)
	if err != nil {
		return c, err
	}
	words := ear.take()
	c.words, c.bytes = len(words), int64(len(whole))
	for i := range times {
		certain := i%2 == 0
		request := synth.TalkRequest{Voice: voice, Prosody: fast, Encoding: pcm.Name, Pronunciations: pronunciations, Idle: -1, Strict: certain}
		sound, err := talked(ctx, pipeline, request, cutText(text, random))
		if err != nil {
			return c, err
		}
		c.done++
		if got := ear.take(); !slices.Equal(got, words) {
			c.otherWords++
			if c.example == "" {
				c.example = difference(got, words)
			}
		}
		if certain {
			c.certain++
			if !bytes.Equal(sound, whole) {
				c.otherBytes++
			}
		}
	}
	return c, nil
}

// cutText cuts a text anywhere, in fragments of a byte to a line.
func cutText(text string, random *rand.Rand) (fragments []string) {
	lengths := []int{1, 2, 3, 5, 8, 20, 100}
	for text != "" {
		n := min(lengths[random.IntN(len(lengths))], len(text))
		fragments = append(fragments, text[:n])
		text = text[n:]
	}
	return fragments
}

// talked is the sound of a talk that is given fragments.
func talked(ctx context.Context, pipeline *synth.Synth, r synth.TalkRequest, fragments []string) ([]byte, error) {
	talk, err := pipeline.Talk(ctx, r)
	if err != nil {
		return nil, err
	}
	defer talk.Close()
	said := make(chan error, 1)
	go func() {
		var err error
		for _, f := range fragments {
			err = errors.Join(err, talk.Say(f))
		}
		talk.End()
		said <- err
	}()
	var sound bytes.Buffer
	encoder, err := talk.Encoder(&sound)
	if err == nil {
		err = encoder.Copy(talk)
	}
	if err == nil {
		err = encoder.Close()
	}
	if err != nil {
		talk.Close() // the writer waits no more
	}
	return sound.Bytes(), errors.Join(err, <-said)
}

// difference is where words are other ones than wanted.
func difference(got, want []string) string {
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	around := func(words []string) string { return strings.Join(words[max(at-3, 0):min(at+3, len(words))], " ") }
	return fmt.Sprintf("%q for %q", around(got), around(want))
}
