package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// answers is what a short answer costs the server itself, its workers left out.
//
// Method: one caller asks over REST for a sentence of about 5 s, spoken by
// espeak-ng, in each encoding: 40 rounds of 25 answers (8 of 10 with -quick), of
// which the first does not count. What counts is the median round's CPU time, user
// and system, for each answer. The reference is an earlier build (-before), whose
// rounds take turns with those of this one. LINEAR16 is what the way itself costs;
// of the others most is the codec.
func answers(ctx context.Context, l *lab) ([]row, error) {
	now, err := l.fresh(ctx, "answers")
	if err != nil {
		return nil, err
	}
	defer now.discard()
	var then *server
	if l.before != nil {
		if then, err = l.before.fresh(ctx, "answers"); err != nil {
			return nil, fmt.Errorf("the earlier build: %w", err)
		}
		defer then.discard()
	}
	v, err := now.voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, encoding := range []string{"LINEAR16", "MP3", "OGG_OPUS"} {
		request, err := json.Marshal(map[string]any{
			"input":       map[string]any{"text": fiveSeconds},
			"voice":       map[string]any{"languageCode": v.LanguageCodes[0], "name": v.Name},
			"audioConfig": map[string]any{"audioEncoding": encoding},
		})
		if err != nil {
			return rows, err
		}
		var cost, reference []float64
		for round := range l.count(40, 8) + 1 {
			for _, side := range []struct {
				of   *server
				into *[]float64
			}{{now, &cost}, {then, &reference}} {
				if side.of == nil {
					continue
				}
				each, err := side.of.answerCost(ctx, l.count(25, 10), string(request))
				if err != nil {
					return rows, fmt.Errorf("%s: %w", encoding, err)
				}
				if round > 0 {
					*side.into = append(*side.into, each.Seconds())
				}
			}
		}
		r := row{
			name:     "CPU time of the server itself for 5 s over REST, " + encoding,
			measured: fmt.Sprintf("%.2f ms", 1e3*middle(cost)),
			verdict:  note,
		}
		if then != nil {
			r.reference = fmt.Sprintf("the earlier build: %.2f ms", 1e3*middle(reference))
			r.ratio = ratio(middle(cost), middle(reference))
		}
		rows = append(rows, r)
	}
	return rows, now.stop()
}

const fiveSeconds = "Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do."

// answerCost is what the server itself uses for each of n answers to a request.
func (s *server) answerCost(ctx context.Context, n int, request string) (time.Duration, error) {
	before := s.used()
	for range n {
		if _, err := s.rest(ctx, http.MethodPost, "/v1/text:synthesize", request); err != nil {
			return 0, err
		}
	}
	return (s.used() - before) / time.Duration(n), nil
}
