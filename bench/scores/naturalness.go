package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lectern/lectern/bench/opinion"
)

// voice is one that is scored, by the item that has it; the built-in voices have
// none.
type voice struct {
	label, item, name string
	least             float64 // of 5
}

// heart is the voice whose encodings and prosody are scored too.
var heart = voice{"heart", "heart", "en-US-Hibari-Heart", 4.6}

// With these sentences the voices' own programs have less than the bars, which come
// from four others: hibari-tts 4.59, piper-tts 4.25, kokoro-onnx (af_heart) 4.59.
var judged = []voice{
	heart,
	{"joe", "joe", "en-US-Piper-Joe", 4.35},
	{"af_heart", "af_heart", "en-US-Kokoro-AfHeart", 4.6},
	{"am_michael", "am_michael", "en-US-Kokoro-AmMichael", 4.6},
	{"flite slt", "", "en-US-Flite-Slt", 0},
	{"espeak en-US-1", "", "en-US-Espeak-1", 0},
}

// leastEncoded is the bar of the heart voice after an encoder, mostCost what a
// change of its prosody may take from it.
const leastEncoded, mostCost = 4.5, 0.15

var encodings = []struct{ label, extension string }{{"MP3", "mp3"}, {"OGG_OPUS", "ogg"}}

var prosody = []struct {
	label string
	flags []string
	form  func(opinion.Sentence) string
}{
	{"rate 0.8", []string{"--rate", "0.8"}, nil},
	{"rate 1.25", []string{"--rate", "1.25"}, nil},
	{"pitch +4", []string{"--pitch", "4"}, nil},
	{"pitch -4", []string{"--pitch", "-4"}, nil},
	{"mark", nil, opinion.Sentence.Marked},
	{"break", nil, opinion.Sentence.Broken},
	{"emphasis", nil, opinion.Sentence.Stressed},
}

// programs says where what speaks is.
type programs struct {
	bin, voices string
	judge       bool // whether they are scored
}

// naturalness scores how natural the voices sound, through the whole pipeline.
func (p programs) naturalness(t *table, dir string) (bool, error) {
	network := filepath.Join(dir, "mos", "distillmos.onnx")
	if _, err := os.Stat(network); err != nil {
		return false, nil
	}
	if !p.judge {
		t.unscored("mos", "MOS=yes scores it, in minutes")
		return true, nil
	}
	judge, err := opinion.Open(filepath.Join(p.voices, "onnxruntime", "libonnxruntime.so"), network)
	if err != nil {
		t.unscored("mos", err.Error())
		return true, nil
	}
	defer judge.Close()
	server, err := opinion.Serve(context.Background(), p.bin, p.voices)
	if err != nil {
		return true, err
	}
	defer server.Close()
	for _, v := range judged {
		label := "mos " + v.label
		if v.item != "" {
			if _, err := os.Stat(filepath.Join(p.voices, v.item, "item.json")); errors.Is(err, fs.ErrNotExist) {
				t.unscored(label, "not installed")
				continue
			}
		}
		say := func(label string, s opinion.Saying, least float64) float64 {
			s.Flags = append([]string{"--voice", v.name}, s.Flags...)
			scores, err := judge.ScoreSaying(context.Background(), server, s)
			if err != nil {
				t.unscored(label, "failed")
				t.missed = append(t.missed, label+": "+err.Error())
				return 0
			}
			for i, sentence := range opinion.Sentences() {
				t.note("%s: %.2f %s", label, scores[i], sentence.Text)
			}
			mean := opinion.Mean(scores)
			t.opinion(label, mean, least)
			return mean
		}
		plain := say(label, opinion.Saying{}, v.least)
		if v.item != heart.item {
			continue
		}
		for _, e := range encodings {
			say(label+" "+e.label, opinion.Saying{Extension: e.extension}, leastEncoded)
		}
		for _, change := range prosody {
			say(label+" "+change.label, opinion.Saying{Flags: change.flags, Form: change.form}, plain-mostCost)
		}
	}
	return true, nil
}

// opinion is a row of a mean opinion, of 5.
func (t *table) opinion(class string, mean, least float64) {
	fmt.Fprintf(t.rows, "%s\t%.2f\t5\t\t\n", class, mean)
	if mean < least {
		t.missed = append(t.missed, fmt.Sprintf("%s: %.2f, the least is %.2f", class, mean, least))
	}
}

// unscored is a row of what is not there.
func (t *table) unscored(class, why string) {
	fmt.Fprintf(t.rows, "%s\t-\t-\t%s\t\n", class, why)
}
