package peers_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/listener"
	"github.com/lectern/lectern/internal/needs"
)

// neuralVoices are those of a test's machine, by the items that have them.
var neuralVoices = []struct{ item, voice string }{
	{"heart", "en-US-Hibari-Heart"},
	{"joe", "en-US-Piper-Joe"},
	{"af_heart", "en-US-Kokoro-AfHeart"},
	{"am_michael", "en-US-Kokoro-AmMichael"},
}

// moreCommands make one misheard word less than a hundredth.
var moreCommands = []string{
	"switch on the garden fan", "open the window", "lock the gate", "stop the song", "pause the movie",
	"set the alarm for thirty seconds", "turn off the front radio", "close the door", "play the music",
	"set the timer to five hours", "turn on the bedroom light", "open the garage", "switch off the kitchen heater",
	"set the alarm to ten minutes",
}

// What neural voices say is understood. A server speaks, which loads a network once.
// Kokoro says single words badly, even where they are all there is to say ("six"
// becomes "six seven"), so texts that are cut into such are not for it.
func TestNeuralIsIntelligible(t *testing.T) {
	listener.Need(t)
	const most = 0.02
	orders := slices.Clone(commands)
	for _, c := range moreCommands {
		orders = append(orders, spoken{"<speak>" + c + ".</speak>", c})
	}
	for _, v := range neuralVoices {
		t.Run(v.item, func(t *testing.T) {
			if strings.HasPrefix(v.voice, "en-US-Kokoro-") && os.Getenv("LECTERN_PROOF") == "" {
				t.Skip("Kokoro speaks little faster than it is heard: make proof has minutes for it")
			}
			p := serve(t, t.TempDir(), "--voices", needs.Voices(t, v.item))
			flags := []string{"--server", p.address, "--voice", v.voice}
			ours := digits
			if strings.Contains(v.voice, "Kokoro") {
				ours = slices.DeleteFunc(slices.Clone(digits), func(s spoken) bool {
					return strings.Contains(s.ssml, "<break") || strings.Contains(s.ssml, "<emphasis")
				})
			}
			misheard := wordErrors(t, listener.Digits, slices.Concat(ours, numbers()), "wav", flags...)
			disobeyed := wordErrors(t, listener.Commands, orders, "wav", flags...)
			t.Logf("%.1f %% of the digits and %.1f %% of the commands are misheard", 100*misheard, 100*disobeyed)
			if misheard > most || disobeyed > most {
				t.Errorf("%.1f %% of the digits and %.1f %% of the commands are misheard, at most %.0f %% may be", 100*misheard, 100*disobeyed, 100*most)
			}
		})
	}
}

// Neural words are where captions say, as TestWordsAreWhereCaptionsSay has it. In
// slow speech a voice holds the stop of "eight" so long that two may be heard:
// those texts tell nothing, and of the others the recogniser is less sure.
func TestNeuralWordsAreWhereCaptionsSay(t *testing.T) {
	listener.Need(t)
	dir := needs.Voices(t, "heart")
	for _, c := range []struct {
		rate        string
		usual, most float64 // ms, of the median and of 95 in a hundred
		misheard    int     // texts at most
	}{{"0.8", 20, 55, 2}, {"1", 15, 35, 0}, {"1.3", 15, 35, 0}} {
		var off []float64
		misheard := 0
		for _, s := range numbers() {
			words, heard := neuralWordsOff(t, s, dir, c.rate)
			if words == nil {
				t.Logf("at %s %q was heard as %q", c.rate, s.words, heard)
				misheard++
			}
			off = append(off, words...)
		}
		if misheard > c.misheard {
			t.Fatalf("at %s times the speed %d texts of %d are misheard", c.rate, misheard, len(numbers()))
		}
		slices.Sort(off)
		median, high := off[len(off)/2], off[len(off)*95/100]
		t.Logf("at %s: median %.0f ms, 95 %% within %.0f ms, worst %.0f ms of %d words", c.rate, median, high, off[len(off)-1], len(off))
		if median > c.usual || high > c.most {
			t.Errorf("at %s times the speed words are off by %.0f ms in the median, 95 %% of them by up to %.0f", c.rate, median, high)
		}
	}
}

// neuralWordsOff is wordsOff, of each word the median of three: the recogniser looks
// each 10 ms, and where its looks fall moves what it finds by up to 28. Before a
// voice that begins at once it needs silence to tell the first word from it.
func neuralWordsOff(t *testing.T, s spoken, voices, rate string) (off []float64, heard string) {
	t.Helper()
	var each [][]float64
	for _, silence := range []string{"300ms", "303ms", "307ms"} {
		s.ssml = `<speak><break time="` + silence + `"/>` + s.words + "</speak>"
		words, text := wordsOff(t, s, "--ssml", "--voices", voices, "--voice", neuralVoices[0].voice, "--rate", rate)
		if words == nil {
			return nil, text
		}
		each = append(each, words)
	}
	for i := range each[0] {
		three := []float64{each[0][i], each[1][i], each[2][i]}
		slices.Sort(three)
		off = append(off, three[1])
	}
	return off, s.words
}

// Neural voices are as loud as the others, those that are quick to ask.
func TestNeuralLoudness(t *testing.T) {
	for _, v := range neuralVoices[:2] {
		t.Run(v.item, func(t *testing.T) { checkLoudness(t, v.voice, "--voices", needs.Voices(t, v.item)) })
	}
}
