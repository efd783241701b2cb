package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// neuralSpeed is how fast neural voices speak on one core, beside the program that
// their makers give away.
//
// Method: sentences of 15 words of the book (12 by heart, 6 by joe, 2 by Kokoro)
// are spoken by a bare worker, text in and frames of 16 bits out through its pipe,
// and each then by the reference, 15, 7 and 5 times (5, 3 and 2 with -quick). CPU
// time, user and system, of all threads; of joe's worker with that of the espeak-ng
// worker that reads for it. References run ONNX Runtime on one thread, as workers do,
// and read text themselves: hibari-tts with scipy; piper-tts with the same voice;
// kokoro-onnx on the same network and style. Each sentence counts with the median of
// its times. Judged are seconds of sound for each second of ours, and the reference's
// time over our time: for the same sentences, since what is left of the silence
// around them differs.
func neuralSpeed(ctx context.Context, l *lab) ([]row, error) {
	return eachVoice(l, "speed on one core", neuralVoices, func(v neuralVoice) ([]row, error) { return speedOf(ctx, l, v) })
}

func speedOf(ctx context.Context, l *lab, v neuralVoice) ([]row, error) {
	s, err := v.speaker(ctx, l)
	if err != nil {
		return nil, err
	}
	defer s.close()
	texts := sentencesOfWords(15, v.texts)
	if len(texts) == 0 {
		return nil, errors.New("the book has no sentences of 15 words")
	}
	theirs, why := v.refer(ctx, l)
	if why != nil && !errors.Is(why, errMissing) {
		return nil, why
	}
	if theirs != nil {
		defer theirs.close()
	}
	var ours, others sums
	turns := v.turns
	if l.quick {
		turns = (turns + 2) / 3
	}
	for turn := range turns + 1 { // the first warms
		for i, text := range texts {
			before := s.used()
			var heard ear
			if err := s.say(ctx, text, &heard); err != nil {
				return nil, err
			}
			ours.add(turn, i, s.used()-before, float64(heard.frames)/float64(s.rate))
			if theirs == nil {
				continue
			}
			took, length, err := theirs.say(text)
			if err != nil {
				return nil, err
			}
			others.add(turn, i, took, length)
		}
	}
	used, sound := ours.medians()
	otherUsed, otherSound := others.medians()
	speed, quotient := sound/used, otherUsed/used
	r := row{
		name:     fmt.Sprintf("%s on one core, sentences of 15 words, whole worker", v.name),
		bar:      fmt.Sprintf(">= %.1f x %s", v.ratio, v.beside),
		measured: fmt.Sprintf("%.3g x real time", speed),
		verdict:  judge(speed >= v.speed, quotient >= v.ratio),
	}
	if v.speed > 0 {
		r.bar = fmt.Sprintf(">= %.0f x real time, and %s", v.speed, r.bar)
	}
	if theirs == nil {
		r.reference, r.verdict = why.Error(), skipped
		return []row{r}, nil
	}
	r.reference = fmt.Sprintf("%s, one thread: %.3g x real time", v.beside, otherSound/otherUsed)
	r.ratio = fmt.Sprintf("%.2f", quotient)
	return []row{r}, nil
}

// sums are the times that some sentences took, over and over.
type sums struct {
	times [][]float64
	sound []float64
}

// add counts a sentence of a turn, but none of the first.
func (s *sums) add(turn, sentence int, took time.Duration, sound float64) {
	if turn == 0 {
		s.times, s.sound = append(s.times, nil), append(s.sound, sound)
		return
	}
	s.times[sentence] = append(s.times[sentence], took.Seconds())
}

// medians are the sum of the median times, and of the sound.
func (s *sums) medians() (used, sound float64) {
	for i, times := range s.times {
		used += middle(times)
		sound += s.sound[i]
	}
	return used, sound
}

// neuralFirst is when the first sound is there.
//
// Method: sentences of 15 words by a warm bare worker, from the call of Speak in
// this process (for joe, from the call that has the text read by the espeak-ng
// worker) until the first frames are out of the pipe; wall time; 40 times (10 with
// -quick), the median is judged. With Kokoro it is sentences with a comma, 6 (2),
// in turn with what stands before the comma alone, until its end.
func neuralFirst(ctx context.Context, l *lab) ([]row, error) {
	return eachVoice(l, "first sound", neuralVoices, func(v neuralVoice) ([]row, error) { return firstOf(ctx, l, v) })
}

func firstOf(ctx context.Context, l *lab, v neuralVoice) ([]row, error) {
	s, err := v.speaker(ctx, l)
	if err != nil {
		return nil, err
	}
	defer s.close()
	texts, repeats := sentencesOfWords(15, 20), l.count(40, 10)
	if v.first == 0 {
		texts, repeats = withComma(sentencesOfWords(15, 1000)), l.count(6, 2)
	}
	if len(texts) == 0 {
		return nil, errors.New("the book has no such sentences")
	}
	var firsts, clauses durations
	for i := range repeats {
		text := texts[i%len(texts)]
		var heard ear
		begun := time.Now()
		if err := s.say(ctx, text, &heard); err != nil {
			return nil, err
		}
		firsts = append(firsts, heard.first.Sub(begun))
		if v.first == 0 {
			begun = time.Now()
			if err := s.say(ctx, text[:commaIn(text)+1], nowhere{}); err != nil {
				return nil, err
			}
			clauses = append(clauses, time.Since(begun))
		}
	}
	r := row{name: "first sound of a sentence of 15 words, warm worker, " + v.name, measured: firsts.String()}
	if v.first > 0 {
		r.bar, r.verdict = "p50 <= "+millis(v.first), judge(firsts.median() <= v.first)
		return []row{r}, nil
	}
	const most = 1.2
	x := firsts.median().Seconds() / clauses.median().Seconds()
	r.bar = fmt.Sprintf("<= %.1f x its first clause alone, to its end", most)
	r.reference, r.ratio, r.verdict = clauses.String(), fmt.Sprintf("%.2f", x), judge(x <= most)
	return []row{r}, nil
}

// withComma are texts with a comma behind their third word or later, but not near
// their end.
func withComma(texts []string) (fit []string) {
	for _, text := range texts {
		if at := commaIn(text); at > 0 {
			fit = append(fit, text)
		}
	}
	return fit
}

// commaIn is where the first comma of a text is; -1 if it is the first of nothing
// worth being called a clause.
func commaIn(text string) int {
	at := strings.IndexAny(text, ",;:")
	if at < 0 {
		return -1
	}
	if words := len(strings.Fields(text[:at])); words < 3 || words > 9 {
		return -1
	}
	return at
}
