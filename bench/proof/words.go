package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/ssml"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/textnorm"
)

// words is how fast texts and documents are read before anything is spoken.
//
// Method, in this process, by CPU time. Normalisation: the sentences of the
// book, in a loop of 1 s (0.3 s with -quick), five times (twice). Parsing: a
// document of 1 MB in which every sentence has two or three elements, in the
// same way. Planning: a document of 20 kB of the same kind, planned for the
// engine of sines, 50 times (10); this is all that happens between a request
// and its first utterance. The medians are judged. For solid text see there.
func words(ctx context.Context, l *lab) ([]row, error) {
	span := time.Second
	if l.quick {
		span = 300 * time.Millisecond
	}
	normalizer := textnorm.ForLanguage("en-US")
	var sentences []string
	for s := range textnorm.Sentences(alice, 0) {
		sentences = append(sentences, s.Of(alice))
	}
	normalising, err := l.bytesPerSecond(span, func() (int, error) {
		for _, s := range sentences {
			normalizer.Sentence(s, nil)
		}
		return len(alice), nil
	})
	if err != nil {
		return nil, err
	}
	large := markedUp(990_000)
	parsing, err := l.bytesPerSecond(span, func() (int, error) {
		_, err := ssml.Parse(large, ssml.Limits{})
		return len(large), err
	})
	if err != nil {
		return nil, err
	}
	plans, err := l.plans(ctx, markedUp(20_000))
	if err != nil {
		return nil, err
	}
	solid, err := l.solid(normalizer)
	if err != nil {
		return nil, err
	}
	const normalisingBar, parsingBar, planBar = 20e6, 20e6, 5 * time.Millisecond
	return append([]row{
		{name: "normalisation of English prose", bar: fmt.Sprintf(">= %.0f MB/s on one core", normalisingBar/1e6),
			measured: perSecondMB(normalising), verdict: judge(middle(normalising) >= normalisingBar)},
		{name: "parsing SSML, 1 MB", bar: fmt.Sprintf(">= %.0f MB/s on one core", parsingBar/1e6),
			measured: perSecondMB(parsing), verdict: judge(middle(parsing) >= parsingBar)},
		{name: "planning an SSML document of 20 kB", bar: "<= " + millis(planBar) + " until the first utterance",
			measured: plans.String(), verdict: judge(plans.median() <= planBar)},
	}, solid...), nil
}

// markedUp is a document of about n bytes: the book with elements.
func markedUp(n int) string {
	var b strings.Builder
	b.WriteString("<speak>")
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	for b.Len() < n {
		i := 0
		for s := range textnorm.Sentences(alice, 0) {
			text := escape.Replace(strings.TrimSpace(s.Of(alice)))
			switch i++; i % 4 {
			case 0:
				fmt.Fprintf(&b, `<p><s>%s</s></p>`, text)
			case 1:
				fmt.Fprintf(&b, `<prosody rate="slow" pitch="+2st">%s</prosody><break time="200ms"/>`, text)
			case 2:
				fmt.Fprintf(&b, `%s <say-as interpret-as="cardinal">%d</say-as> <mark name="m%d"/>`, text, i, i)
			default:
				fmt.Fprintf(&b, `<sub alias="so it goes">etc.</sub> %s `, text)
			}
			if b.Len() >= n {
				break
			}
		}
	}
	b.WriteString("</speak>")
	return b.String()
}

// bytesPerSecond repeats do, which returns how many bytes it has read, and
// returns bytes for each second of this process's CPU time.
func (l *lab) bytesPerSecond(span time.Duration, do func() (int, error)) ([]float64, error) {
	return l.bytesPerSecondTimes(l.count(5, 2), span, do)
}

func (l *lab) bytesPerSecondTimes(times int, span time.Duration, do func() (int, error)) ([]float64, error) {
	var all []float64
	for range times {
		before, err := cpuTime(os.Getpid())
		if err != nil {
			return nil, err
		}
		read := 0
		for begun := time.Now(); time.Since(begun) < span; {
			n, err := do()
			if err != nil {
				return nil, err
			}
			read += n
		}
		after, err := cpuTime(os.Getpid())
		if err != nil {
			return nil, err
		}
		all = append(all, float64(read)/(after-before).Seconds())
	}
	return all, nil
}

func perSecondMB(all []float64) string {
	var parts []string
	for _, x := range all {
		parts = append(parts, fmt.Sprintf("%.1f", x/1e6))
	}
	return fmt.Sprintf("%.1f MB/s of [%s]", middle(all)/1e6, strings.Join(parts, " "))
}

// plans are the times that planning a document takes.
func (l *lab) plans(ctx context.Context, document string) (durations, error) {
	engines, err := engine.Open(ctx, engine.Config{Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{}), nil },
	}}})
	if err != nil {
		return nil, err
	}
	defer engines.Close()
	pipeline := synth.New(synth.Config{Engines: engines, Formats: encode.NewCatalogue(pcm.Format())})
	var all durations
	for range l.count(50, 10) {
		begun := time.Now()
		if _, err := pipeline.Plan(ctx, synth.Request{SSML: document, Voice: voices.Wish{Language: "en-US"}, Encoding: "PCM"}); err != nil {
			return nil, err
		}
		all = append(all, time.Since(begun))
	}
	return all, nil
}
